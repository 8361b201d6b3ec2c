// The sections of a text: each element carries its key in its id.
export const SECTION = '[id^="s-"]';

export function keyOf(section) {
  return section.id.slice(2);
}

export function sectionWith(key) {
  return document.getElementById(`s-${key}`);
}
