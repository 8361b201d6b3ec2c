// From a selection to section, exact words and their surroundings.
import { keyOf, SECTION } from "./sections.js";

const CONTEXT = 32;
// Parts inside a section that are not its words.
const NOT_TEXT = ".vh, .voice, .sec-acts, .threads, .num, .sheet-h";

/** The quote under a selection inside `text`, or null. `section` is the deepest that holds all of it. */
export function anchorOf(selection, text) {
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const common = range.commonAncestorContainer;
  const inside = common.nodeType === Node.ELEMENT_NODE ? common : common.parentElement;
  if (!text.contains(inside)) return null;
  const section = inside.closest(SECTION);
  const scope = section ?? text;
  const words = wordsOf(range);
  const exact = words.trim();
  if (!exact) return null;
  const before = wordsOf(between(scope, null, range));
  const after = wordsOf(between(scope, range, null));
  return {
    section: section ? keyOf(section) : "",
    place: section ? placeOf(section) : "",
    exact,
    prefix: [...before].slice(-CONTEXT).join(""),
    suffix: [...after].slice(0, CONTEXT).join(""),
    start: String([...before].length + (words.length - words.trimStart().length)),
    box: range.getBoundingClientRect(),
  };
}

/** "Pasal 12 ayat (1) huruf b", read from the markers around a section. */
export function placeOf(section) {
  const parts = [];
  for (let at = section; at; at = at.parentElement?.closest(SECTION)) {
    const marker = at.querySelector(":scope > .a")?.textContent.trim() ?? "";
    if (/^\(\d+\)$/.test(marker)) parts.unshift(`ayat ${marker}`);
    else if (/^[a-z]+\.$/.test(marker)) parts.unshift(`huruf ${marker.slice(0, -1)}`);
    else if (/^\d+\.$/.test(marker)) parts.unshift(`angka ${marker.slice(0, -1)}`);
  }
  const head = section.closest("[data-label]")?.dataset.label;
  return [head, ...parts].filter(Boolean).join(" ");
}

/** The section at the upper third of the window. */
export function sectionInView(text) {
  const line = window.innerHeight / 3;
  const heads = [...text.querySelectorAll(`[data-label]${SECTION}, [data-label] ${SECTION}`)];
  return heads.filter((element) => element.getBoundingClientRect().top < line).pop() ?? heads[0] ?? null;
}

function between(scope, after, before) {
  const range = document.createRange();
  range.selectNodeContents(scope);
  if (after) range.setStart(after.endContainer, after.endOffset);
  if (before) range.setEnd(before.startContainer, before.startOffset);
  return range;
}

function wordsOf(range) {
  const copy = range.cloneContents();
  for (const part of copy.querySelectorAll(NOT_TEXT)) part.remove();
  for (const block of copy.querySelectorAll(".ayat, .tail, li, p, div, tr, .a, br, h2, h3, h4")) block.append(" ");
  return copy.textContent.replace(/\s+/g, " ");
}
