// Keys for those who want them: never while typing, and switched off in the list of keys ("?").
const OFF = "policyforum shortcuts off";
const WORDS = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true], .cm-editor";
const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  x: () => marked()?.querySelector("input[type=checkbox]")?.click(),
  c: () => document.dispatchEvent(new CustomEvent("comment-here")),
  "/": () => document.querySelector("[data-search], input[type=search]")?.focus(),
  "?": () => document.getElementById("shortcuts")?.showModal(),
};

export function startShortcuts() {
  const control = document.querySelector("[data-shortcuts-switch]");
  if (control) {
    control.checked = !isOff();
    control.addEventListener("change", () => remember(control.checked));
  }
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isOff()) return;
    if (event.target.closest?.(WORDS) || document.querySelector("dialog[open]")) return;
    const action = KEYS[event.key.toLowerCase()] || choice(event.key) || open(event);
    if (!action) return;
    event.preventDefault();
    action();
  });
}

/** Digits choose among the radios inside [data-digits], in their order. */
function choice(key) {
  const radios = /^[1-9]$/.test(key) && document.querySelectorAll("[data-digits] input[type=radio]");
  const radio = radios && radios[Number(key) - 1];
  return radio && (() => (radio.click(), radio.focus()));
}

function open(event) {
  const link = event.key === "Enter" && event.target === marked() && marked().querySelector("a");
  return link && (() => link.click());
}

function marked() {
  return document.querySelector("[data-step].marked");
}

function step(by) {
  const all = [...document.querySelectorAll("[data-step]")].filter((element) => element.offsetParent);
  if (!all.length) return;
  const at = all.indexOf(marked());
  const next = all[at < 0 ? firstInView(all) : Math.min(Math.max(at + by, 0), all.length - 1)];
  marked()?.classList.remove("marked");
  next.classList.add("marked");
  if (next.tabIndex < 0) next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "center", behavior: isCalm() ? "auto" : "smooth" });
}

function firstInView(all) {
  return Math.max(all.findIndex((element) => element.getBoundingClientRect().top > 80), 0);
}

function isCalm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function isOff() {
  try {
    return localStorage.getItem(OFF) !== null;
  } catch {
    return false;
  }
}

function remember(isOn) {
  try {
    if (isOn) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}
