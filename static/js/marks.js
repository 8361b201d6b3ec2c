// The words that discussions are about are underlined in the text, and tinted while one points at its discussion.
// Ranges, not elements: the text stays as it is, for those who read it aloud, select it or print it.
import { sectionWith } from "./sections.js";

export function startMarks() {
  const text = document.querySelector("[data-quotable]");
  if (!text) return;
  document.addEventListener("swapped", (event) => showNewest(event.detail));
  if (!window.CSS?.highlights) return;
  const spokenOf = new Highlight();
  const pointedAt = new Highlight();
  CSS.highlights.set("spoken-of", spokenOf);
  CSS.highlights.set("pointed-at", pointedAt);
  const markAll = () => {
    spokenOf.clear();
    for (const thread of text.querySelectorAll("[data-words]")) add(spokenOf, rangeOf(text, thread));
  };
  const point = (event) => {
    pointedAt.clear();
    const thread = event.target.closest?.("[data-words]");
    if (thread) add(pointedAt, rangeOf(text, thread));
  };
  text.addEventListener("pointerover", point);
  text.addEventListener("focusin", point);
  document.addEventListener("swapped", markAll);
  markAll();
}

/** What one has just said is brought into view: its address names it. */
function showNewest(address) {
  const thread = document.getElementById(`t-${new URL(address).searchParams.get("thread")}`);
  if (!thread) return;
  const sheet = thread.closest(".threads");
  if (sheet && !thread.offsetParent) location.hash = sheet.id;
  else thread.scrollIntoView({ block: "nearest" });
  thread.classList.add("marked");
}

function add(highlight, range) {
  if (range) highlight.add(range);
}

/** Where the words stand in their section, white space and Markdown marks aside; null if they do not. */
function rangeOf(text, thread) {
  const section = sectionWith(thread.dataset.on);
  const wanted = bare(thread.dataset.words);
  if (!section || !wanted) return null;
  const places = [];
  let words = "";
  const walker = document.createTreeWalker(section, NodeFilter.SHOW_TEXT, ofTheLaw);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (let at = 0; at < node.data.length; at += 1) {
      if (!bare(node.data[at])) continue;
      words += node.data[at];
      places.push([node, at]);
    }
  }
  const start = words.indexOf(wanted);
  if (start < 0) return null;
  const range = document.createRange();
  range.setStart(...places[start]);
  const [node, at] = places[start + wanted.length - 1];
  range.setEnd(node, at + 1);
  return range;
}

function bare(words) {
  return words.replace(/[\s\\*_`]+/g, "");
}

function ofTheLaw(node) {
  const aside = node.parentElement.closest(".threads, .threads-none, .voice");
  return aside ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT;
}
