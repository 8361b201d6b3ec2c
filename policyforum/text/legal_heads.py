"""Opens BUKU, BAB, Bagian, Paragraf and Pasal with their titles, and checks their sequence."""

from __future__ import annotations

import re
from dataclasses import replace

from policyforum.text import kinds
from policyforum.text.headings import heading_words
from policyforum.text.legal_lines import Opening, Spot
from policyforum.text.legal_tree import PROVISION, RANKS, Node, Tree
from policyforum.text.numbering import Number, chapter_numbers, follows

_GLUED = re.compile(r"\s(?=(?:Pasal|Paragraf|Bagian)\s+\S)")
_LONGEST_TITLE_LINE = 250
_NUMBERED_THROUGHOUT = frozenset({kinds.BUKU, kinds.BAB, kinds.PASAL, kinds.DIKTUM})


class Heads:
    """Opens heads in one tree; `amending`: the text changes another one, so Pasal I is Roman."""

    def __init__(self, tree: Tree, *, amending: bool) -> None:
        self._tree = tree
        self._amending = amending
        self._untitled: Node | None = None

    def open(self, spot: Spot, opening: Opening) -> None:
        """Open the head a line stands for; a head given twice in a row opens one section."""
        if opening.kind == kinds.PASAL:
            self._open_pasal(spot, opening)
        else:
            self._open_division(spot, opening)

    def take_title(self, spot: Spot) -> bool:
        """Let a line be (part of) the title of the BAB, Bagian or Paragraf just opened."""
        node = self._untitled
        if node is None or self._tree.top is not node:
            return False
        mark = self._tree.marks[node.index]
        if (mark.heading and not self._goes_on(spot, node)) or not _may_be_title(spot.words):
            self._untitled = None
            return False
        mark.heading = heading_words(f"{mark.heading} {spot.words}")
        return True

    def check_sequence(self, spot: Spot, opening: Opening) -> None:
        """Warn when a number does not follow the one before it at its level."""
        tree = self._tree
        floor = tree.floor()
        outer = floor if opening.kind in _NUMBERED_THROUGHOUT else tree.top
        numbers = tree.last_numbers(outer)
        before = numbers.get(opening.kind)
        value = _reading(opening, before)
        if value is None:
            return
        quoted = floor is not None and floor.kind != kinds.LAMPIRAN
        if before and not quoted and not follows(before, value):
            tree.warn(spot.row, "W-URUT", spot.words)
        numbers[opening.kind] = value

    def _goes_on(self, spot: Spot, node: Node) -> bool:
        """A chapter's title goes on in capitals, any other one until a blank line."""
        if node.kind == kinds.BAB:
            return spot.words == spot.words.upper()
        return not spot.blank and not spot.level

    def _open_pasal(self, spot: Spot, opening: Opening) -> None:
        tree, top = self._tree, self._tree.top
        if top and top.kind == kinds.PASAL and top.value == opening.value and spot.fresh:
            return
        amends = opening.roman and self._amending
        if amends or self._ends_omnibus(opening):
            tree.close_to(None)
        elif opening.roman:
            tree.warn(spot.row, "W-ANGKA", spot.words)
            opening = replace(opening, number="1" if opening.number == "I" else opening.number)
        tree.close_rank(PROVISION)
        while spot.level and tree.top and tree.top.kind == kinds.HEADING:
            if tree.top.level < spot.level:
                break
            tree.stack.pop()
        self.check_sequence(spot, opening)
        node = tree.open(spot.row.offset, opening, heading_words(opening.rest), spot.level)
        node.amends = amends

    def _ends_omnibus(self, opening: Opening) -> bool:
        """Whether an Arabic Pasal follows the amending one it would else be quoted in."""
        outer = self._tree.amending()
        if outer is None or outer.value is None or opening.value is None:
            return False
        return self._tree.marks[outer.index].number[0].isdecimal() and follows(
            outer.value, opening.value
        )

    def _open_division(self, spot: Spot, opening: Opening) -> None:
        tree, top = self._tree, self._tree.top
        title = _GLUED.split(opening.rest, maxsplit=1)[0]
        if opening.kind == kinds.BAB and not spot.level:
            title = _capitals(title) or title
        if title != opening.rest:
            tree.warn(spot.row, "W-BARIS", spot.words)
        if top and top is self._untitled and tree.marks[top.index].number == opening.number:
            tree.marks[top.index].heading = heading_words(title)
            self._untitled = None if title else top
            return
        tree.close_rank(RANKS[opening.kind])
        self.check_sequence(spot, opening)
        node = tree.open(spot.row.offset, opening, heading_words(title), spot.level)
        self._untitled = None if title else node


def _may_be_title(words: str) -> bool:
    return len(words) <= _LONGEST_TITLE_LINE and words[-1] not in ".;:"


def _capitals(title: str) -> str:
    """The leading words of a title that hold no small letter."""
    found: list[str] = []
    for word in title.split():
        if word != word.upper():
            break
        found.append(word)
    return " ".join(found)


def _reading(opening: Opening, before: Number | None) -> Number | None:
    """The number meant: "XC" after X is an inserted chapter, else ninety."""
    if opening.kind != kinds.BAB:
        return opening.value
    readings = chapter_numbers(opening.number)
    return next((value for value in readings if before and follows(before, value)), opening.value)
