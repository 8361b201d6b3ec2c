// Contents and discussions open as sheets on a phone by their address alone (:target). Here they also take the
// focus, give it back, and close on Escape or a touch on the shade.
const SHEET = ".threads:target, .toc:target";
let opener = null;
let isOpen = false;

export function startSheets() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && !link.closest(".sheet-h")) opener = link;
    const sheet = openSheet();
    if (sheet && !link && !sheet.contains(event.target) && !event.target.closest("dialog, .bot")) close(sheet);
  });
  document.addEventListener("keydown", (event) => {
    const sheet = event.key === "Escape" && !document.querySelector("dialog[open]") && openSheet();
    if (sheet) close(sheet);
  });
  window.addEventListener("hashchange", settle);
  settle();
}

function openSheet() {
  const sheet = document.querySelector(SHEET);
  return sheet && getComputedStyle(sheet).position === "fixed" ? sheet : null;
}

function settle() {
  const sheet = openSheet();
  if (sheet) {
    sheet.tabIndex = -1;
    sheet.focus({ preventScroll: true });
    isOpen = true;
  } else if (isOpen) {
    isOpen = false;
    if (opener?.isConnected) opener.focus({ preventScroll: true });
  }
}

/** Close without moving the page: the words stay where the reader left them. */
function close(sheet) {
  const top = window.scrollY;
  location.hash = sheet.querySelector(".sheet-h a")?.hash || "#utama";
  window.scrollTo(0, top);
}
