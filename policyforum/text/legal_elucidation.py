"""The elucidation (Penjelasan): notes on the body's units, never units of the body themselves."""

from __future__ import annotations

import re

from policyforum.text import kinds
from policyforum.text.legal_lines import ELUCIDATED, PASAL_DEMI_PASAL, PENJELASAN_UMUM
from policyforum.text.legal_tree import Node, Tree
from policyforum.text.marks import Line
from policyforum.text.numbering import Number, follows, roman

_GENERAL_IN_LINE = re.compile(r"(?<=\s)(?:I\.\s+)?UMUM\b")
_BY_ARTICLE_IN_LINE = re.compile(r"\bII\.\s*PASAL\s*DEMI\s*PASAL\b")

_DEPTH = {
    kinds.PENJELASAN_PASAL: 0,
    kinds.PENJELASAN_AYAT: 1,
    kinds.PENJELASAN_HURUF: 2,
    kinds.PENJELASAN_ANGKA: 3,
}
_KIND = {
    "pasal": kinds.PENJELASAN_PASAL,
    "ayat": kinds.PENJELASAN_AYAT,
    "huruf": kinds.PENJELASAN_HURUF,
    "angka": kinds.PENJELASAN_ANGKA,
}
_NUMBERED = re.compile(r"(\d{1,4})\s?([A-Z]{0,2})$")


class Elucidation:
    """Reads the lines of one elucidation into the tree, after its title opened."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._part = tree.stack[-1]
        self._by_article: Node | None = None
        self._article: Number | None = None

    def read(self, row: Line, words: str) -> None:
        """Take one line: the general part, the part by article, a unit, or text."""
        if PASAL_DEMI_PASAL.match(words):
            self._open_by_article(row.offset)
        elif PENJELASAN_UMUM.match(words) and self._by_article is None:
            self._open_general(row.offset)
        elif self._by_article is None and _BY_ARTICLE_IN_LINE.search(row.text):
            self.read_glued(row, 0)
        elif found := ELUCIDATED.match(words):
            self._open_unit(row, found)

    def read_glued(self, row: Line, at: int) -> None:
        """Find the two parts' titles inside a line a scan has run together, from `at` on."""
        general = _GENERAL_IN_LINE.search(row.text, at)
        by_article = _BY_ARTICLE_IN_LINE.search(row.text, at)
        unopened = self._tree.stack[-1] is self._part
        if by_article and unopened and by_article.start() == at:
            self._by_article = self._part
            return
        before = general and (not by_article or general.start() < by_article.start())
        if general and before and unopened and general.start() > at:
            self._open_general(row.offset + general.start())
        if by_article:
            self._tree.warn(row, "W-BARIS", by_article.group())
            self._open_by_article(row.offset + by_article.start())

    def _open_general(self, offset: int) -> None:
        self._tree.close_to(self._part)
        self._tree.open_as(offset, kinds.PENJELASAN_UMUM, "Penjelasan Umum")

    def _open_by_article(self, offset: int) -> None:
        self._tree.close_to(self._part)
        label = "Penjelasan Pasal demi Pasal"
        self._by_article = self._tree.open_as(offset, kinds.PENJELASAN, label)

    def _open_unit(self, row: Line, found: re.Match[str]) -> None:
        name = next(name for name in _KIND if found[name])
        number = next(value for key, value in found.groupdict().items() if len(key) == 1 and value)
        if name == "pasal":
            self._close_for_article(number.replace(" ", ""))
        else:
            self._close_for(_KIND[name], number)
        outer = self._tree.stack[-1]
        above = outer.label if outer.kind in kinds.ELUCIDATIONS else "Penjelasan"
        own = {"pasal": "Pasal {}", "ayat": "ayat ({})"}.get(name, name + " {}")
        number = number.replace(" ", "")
        self._tree.open_as(row.offset, _KIND[name], f"{above} {own.format(number)}", number)

    def _close_for_article(self, number: str) -> None:
        """A Pasal under an instruction's Angka belongs to it, unless it follows the outer ones."""
        value = _article_number(number)
        instruction = self._open_instruction()
        if instruction and value and not (self._article and follows(self._article, value)):
            self._tree.close_to(instruction)
            return
        self._tree.close_to(self._by_article or self._part)
        self._article = value

    def _open_instruction(self) -> Node | None:
        """The Angka that stands right under an outer Pasal: an amending instruction."""
        stack = self._tree.stack
        base = stack.index(self._by_article or self._part)
        pair = stack[base + 1 : base + 3]
        kinds_of_pair = [node.kind for node in pair]
        amending = [kinds.PENJELASAN_PASAL, kinds.PENJELASAN_ANGKA]
        return pair[1] if kinds_of_pair == amending else None

    def _close_for(self, kind: str, number: str) -> None:
        """Close up to the unit this one belongs to.

        An Angka goes on with the innermost open one it follows: instructions are numbered so too.
        """
        stack = self._tree.stack
        if kind == kinds.PENJELASAN_ANGKA:
            before = next((node for node in reversed(stack) if self._is_before(node, number)), None)
            if before is not None:
                del stack[stack.index(before) :]
                return
        while stack[-1].kind in kinds.ELUCIDATIONS and _DEPTH[stack[-1].kind] >= _DEPTH[kind]:
            stack.pop()

    def _is_before(self, node: Node, number: str) -> bool:
        if node.kind != kinds.PENJELASAN_ANGKA or not number.isdecimal():
            return False
        reached = self._tree.marks[node.index].number
        return reached.isdecimal() and int(reached) + 1 == int(number)


def _article_number(number: str) -> Number | None:
    if found := _NUMBERED.match(number):
        return int(found[1]), found[2]
    return (roman(number), "") if set(number) <= set("IVXLC") else None
