// Selected words of a policy become the quote of a comment. The page gives
//   [data-quotable]   the text, whose sections carry id="s-KEY"
//   #selection-bar    two buttons with data-mode="comment" and "suggestion" (components/selection.html)
//   #comment-dialog   the form: fields section, exact, prefix, suffix, start, replacement; [data-quote], [data-place]
// exact, prefix and suffix are visible words with single blanks; start counts code points of the visible words.
import { anchorOf, placeOf, sectionInView } from "./quoting.js";
import { keyOf, sectionWith } from "./sections.js";

const LONGEST_QUOTE = 2000;
let chosen = null;

// Asked for each time: the text is put in anew after something was said.
const text = () => document.querySelector("[data-quotable]");

export function startSelection() {
  const bar = document.getElementById("selection-bar");
  const dialog = document.getElementById("comment-dialog");
  if (!text() || !dialog?.showModal) return;
  document.addEventListener("selectionchange", debounce(() => bar && look(text(), bar), 120));
  bar?.addEventListener("pointerdown", (event) => event.preventDefault());
  bar?.addEventListener("click", (event) => onBar(event, bar, dialog));
  document.addEventListener("click", (event) => onLink(event, dialog));
  document.addEventListener("comment-here", () => {
    if (chosen) open(dialog, chosen, "comment");
    else openSection(dialog, sectionInView(text()));
  });
}

function look(text, bar) {
  if (document.querySelector("dialog[open]")) return;
  chosen = anchorOf(window.getSelection(), text);
  bar.hidden = !chosen;
  if (!chosen) return;
  const isLong = [...chosen.exact].length > LONGEST_QUOTE;
  bar.querySelector("[data-quote]").textContent = isLong ? bar.dataset.tooLong : `“${chosen.exact}”`;
  for (const button of bar.querySelectorAll("[data-mode]")) button.disabled = isLong;
  const top = chosen.box.top + window.scrollY - bar.offsetHeight - 8;
  const right = Math.min(chosen.box.right, text.getBoundingClientRect().right) - bar.offsetWidth;
  bar.style.top = `${Math.max(top, 0)}px`;
  bar.style.left = `${Math.max(right, 8) + window.scrollX}px`;
}

function onBar(event, bar, dialog) {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.mode) open(dialog, chosen, button.dataset.mode);
  else window.getSelection().removeAllRanges();
  bar.hidden = true;
}

/** A section's own link opens the same form, on the whole section. */
function onLink(event, dialog) {
  const link = event.target.closest("a[data-comment-on]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const key = link.dataset.commentOn;
  event.preventDefault();
  openSection(dialog, key ? sectionWith(key) : null);
}

function openSection(dialog, section) {
  const whole = { section: section ? keyOf(section) : "", place: section ? placeOf(section) : "" };
  open(dialog, { ...whole, exact: "", prefix: "", suffix: "", start: "" }, "comment");
}

function open(dialog, anchor, mode) {
  const form = dialog.querySelector("form:not([method=dialog])");
  for (const name of ["section", "exact", "prefix", "suffix", "start"]) fill(form, name, anchor[name]);
  const isSuggestion = mode === "suggestion";
  fill(form, "replacement", isSuggestion ? anchor.exact : "");
  const proposal = form.querySelector("[data-suggestion]");
  if (proposal) proposal.hidden = !isSuggestion;
  const quote = dialog.querySelector("[data-quote]");
  quote.textContent = anchor.exact;
  quote.closest("blockquote").hidden = !anchor.exact;
  dialog.querySelector("[data-place]").textContent = anchor.place || dialog.dataset.whole;
  dialog.showModal();
  const first = isSuggestion ? form.elements.namedItem("replacement") : form.elements.namedItem("body");
  first?.focus();
}

function fill(form, name, value) {
  const field = form.elements.namedItem(name);
  if (field) field.value = value;
}

function debounce(action, delay) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, delay);
  };
}
