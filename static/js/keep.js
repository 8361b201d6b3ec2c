// What is typed into a form with data-keep="name" outlives a closed tab's reload or a lost connection, until it is sent
// or whoever typed it signs out. It belongs to the reader the page names in data-reader: the next in the tab has none of it.
const KEPT = "keep ";

export function startKeeping() {
  document.querySelectorAll("form[data-keep]").forEach(restore);
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.dataset.keep && isWords(event.target)) remember(form);
  });
  document.addEventListener("accepted", (event) => forget(event.target));
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action") === "/sign-out") forgetAll();
    if (!event.target.dataset.enhance) forget(event.target);
  });
}

function isWords(field) {
  return field.matches("textarea, input[type=text]") && Boolean(field.name);
}

function placeOf(form) {
  const reader = document.querySelector("[data-reader]")?.dataset.reader ?? "";
  return `${KEPT}${reader} ${location.pathname} ${form.dataset.keep}`;
}

function remember(form) {
  const words = [...form.elements].filter(isWords).map((field) => [field.name, field.value]);
  try {
    sessionStorage.setItem(placeOf(form), JSON.stringify(words));
  } catch {
    // Storage may be shut or full: then nothing is kept, and nothing else changes.
  }
}

function restore(form) {
  const kept = JSON.parse(readStorage(placeOf(form)) ?? "[]");
  for (const [name, value] of kept) {
    const field = form.elements.namedItem(name);
    if (field && !field.value) field.value = value;
  }
}

function readStorage(key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

function forget(form) {
  if (!form.dataset?.keep) return;
  try {
    sessionStorage.removeItem(placeOf(form));
  } catch {
    // As above.
  }
}

function forgetAll() {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(KEPT)) sessionStorage.removeItem(key);
  } catch {
    // As above.
  }
}
