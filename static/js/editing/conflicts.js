// Where two wrote differently, a button takes the other's wording into the merged text, or ours again.
export function startConflicts() {
  const form = document.querySelector("[data-conflicts]");
  if (!form) return;
  const field = form.elements.namedItem("source");
  for (const button of form.querySelectorAll("[data-ours]")) {
    const ours = lines(button.dataset.ours);
    const theirs = lines(button.dataset.theirs);
    const labels = [button.textContent, button.dataset.undo];
    let isTaken = false;
    if (field.value.split(ours).length !== 2) continue; // not one clear place
    button.hidden = false;
    button.addEventListener("click", () => {
      const at = field.value.indexOf(isTaken ? theirs : ours);
      if (at < 0) return;
      field.setRangeText(isTaken ? ours : theirs, at, at + (isTaken ? theirs : ours).length, "select");
      isTaken = !isTaken;
      button.textContent = labels[Number(isTaken)];
    });
  }
}

function lines(text) {
  return text.replaceAll(/\r\n?/g, "\n");
}
