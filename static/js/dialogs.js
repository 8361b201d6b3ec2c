// Links with data-opens="id" open that dialog where there is one, else they go to their address as always.
// A click on the shade closes it.
export function startDialogs() {
  document.addEventListener("click", (event) => {
    const dialog = event.target.closest("dialog");
    if (dialog && event.target === dialog && isOutside(event, dialog)) {
      dialog.close();
      return;
    }
    const opener = event.target.closest("[data-opens]");
    const opened = opener && document.getElementById(opener.dataset.opens);
    if (!opened?.showModal) return;
    event.preventDefault();
    opened.showModal();
  });
}

function isOutside(event, dialog) {
  const box = dialog.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}
