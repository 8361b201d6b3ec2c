"""A text laid out for reading: one block for each unit a page shows, as safe HTML.

A block's own heading (BAB, Pasal, number, title) is left to the page; so is the element that
carries the block's own key. Inside a block every section has an element with `id="s-KEY"`, and its
marker as written stands in `<span class="a">`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from policyforum.text import kinds
from policyforum.text.contents import References, item_html, own_html, references
from policyforum.text.sections import Outline, Section, join

INNER = kinds.LISTS | {
    kinds.AYAT,
    kinds.EKOR,
    kinds.PENJELASAN_AYAT,
    kinds.PENJELASAN_HURUF,
    kinds.PENJELASAN_ANGKA,
}
_MARKERS = {
    kinds.AYAT: "({})",
    kinds.HURUF: "{}.",
    kinds.ANGKA: "{}.",
    kinds.HURUFP: "{})",
    kinds.ANGKAP: "{})",
    kinds.INSTRUKSI: "{}.",
    kinds.PENJELASAN_PASAL: "Pasal {}",
    kinds.PENJELASAN_AYAT: "Ayat ({})",
    kinds.PENJELASAN_HURUF: "Huruf {}",
    kinds.PENJELASAN_ANGKA: "Angka {}",
}


@dataclass(frozen=True, slots=True)
class Block:
    """One unit of a page: `position` and `key` of its section, and the HTML of all inside it."""

    position: int
    key: str
    kind: str
    number: str
    label: str
    heading: str
    html: str


def blocks(outline: Outline, keys: Sequence[str]) -> tuple[Block, ...]:
    """Every unit of a text in reading order; `keys` are the sections' keys by position."""
    return _Page(outline, keys).blocks()


def section_html(section: Section) -> str:
    """One section's own words as safe HTML: no heading, its marker literal, no children."""
    marker = _MARKERS.get(section.kind)
    if marker is None or section.kind in kinds.ELUCIDATIONS or section.kind == kinds.INSTRUKSI:
        return own_html(section)
    words = item_html(section)
    return f"<div>{_marker(section)}<div>{words}</div></div>"


class _Page:
    def __init__(self, outline: Outline, keys: Sequence[str]) -> None:
        self._sections = outline.sections
        self._keys = keys
        self._known: References = references(join(outline.sections))
        self._children: list[list[Section]] = [[] for _ in outline.sections]
        self._inner: list[bool] = []
        for section in outline.sections:
            self._inner.append(self._is_inner(section))
            if section.parent is not None and self._inner[-1]:
                self._children[section.parent].append(section)

    def blocks(self) -> tuple[Block, ...]:
        return tuple(
            Block(
                section.position,
                self._keys[section.position],
                section.kind,
                section.number,
                section.label,
                section.heading,
                own_html(section, self._known) + self._inside(section),
            )
            for section in self._sections
            if not self._inner[section.position]
        )

    def _is_inner(self, section: Section) -> bool:
        """Whether a section is shown inside its parent's block."""
        if section.parent is None:
            return False
        quoted = section.kind == kinds.PENJELASAN_PASAL
        return section.kind in INNER or (
            quoted and self._sections[section.parent].kind == kinds.PENJELASAN_ANGKA
        )

    def _inside(self, section: Section) -> str:
        """The inner sections of one, runs of list items gathered into lists."""
        found: list[str] = []
        runs = groupby(self._children[section.position], lambda child: child.kind in kinds.LISTS)
        for listed, run in runs:
            shown = "".join(self._show(child) for child in run)
            found.append(f'<ol class="hrf">{shown}</ol>' if listed else shown)
        return "".join(found)

    def _show(self, section: Section) -> str:
        key = escape(self._keys[section.position])
        here = f'id="s-{key}"'
        inside = self._inside(section)
        if section.kind in kinds.LISTS:
            words = item_html(section, self._known)
            return f"<li {here}>{_marker(section)}<div>{words}{inside}</div></li>"
        if section.kind == kinds.AYAT:
            words = item_html(section, self._known)
            return f'<div class="ayat" {here}>{_marker(section)}<div>{words}{inside}</div></div>'
        words = own_html(section, self._known)
        if section.kind == kinds.EKOR:
            return f'<div class="tail" {here}>{words}{inside}</div>'
        return f'<div class="note" {here}>{_marker(section)}<div>{words}{inside}</div></div>'


def _marker(section: Section) -> str:
    written = _MARKERS[section.kind].format(section.number)
    return f'<span class="a">{escape(written).replace(" ", chr(160))}</span>'
