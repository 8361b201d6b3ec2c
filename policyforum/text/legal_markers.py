"""Finds the markers of ayat, list items and instructions in a line, at its start or inside it."""

from __future__ import annotations

import re

from policyforum.text import kinds, legal_lines
from policyforum.text.legal_items import (
    continues_list,
    in_reference,
    open_ayat,
    open_instruction,
    open_item,
)
from policyforum.text.legal_lines import Opening, Spot, normalise
from policyforum.text.legal_tree import Tree
from policyforum.text.marks import Line

_LIST_AFTER_COLON = re.compile(r":[ \t]*(?=(?:a|1)\\?[.)]\s)")
_LIST_IN_LINE = re.compile(r"\s(?=(?:a|1)\\?[.)]\s)")
_FIRST_AYAT = re.compile(r"[^(]{1,6}(?=\(1\)\s)")
_SECOND = (2, "")
_AHEAD = 6


class Markers:
    """Opens what a line's markers open, in one tree."""

    def __init__(self, tree: Tree, rows: list[Line]) -> None:
        self._tree = tree
        self._rows = rows

    def open(self, spot: Spot) -> bool:
        """Open the ayat, item or instruction a line begins with, and a list right inside it."""
        opening = legal_lines.item(spot.words)
        if opening is None or in_reference(spot, opening) or not self._open(spot, opening):
            return False
        if inner := legal_lines.ITEM_IN_ITEM.match(spot.row.text):
            self._open_inside(spot, spot.row, inner.end())
        return True

    def open_after_colon(self, spot: Spot) -> None:
        """Open the first item of a list that begins on its lead-in's line ("Menimbang : a. …")."""
        if colon := _LIST_AFTER_COLON.search(spot.row.text):
            self._open_inside(spot, spot.row, colon.end())

    def _open(self, spot: Spot, opening: Opening) -> bool:
        tree = self._tree
        if opening.kind == kinds.AYAT:
            if opening.value == _SECOND:
                self._open_first_ayat(spot)
            return open_ayat(tree, opening, spot, spot.row.offset)
        if tree.amending() and open_instruction(tree, opening, spot, self._sentence(spot)):
            return True
        if opening.value == _SECOND and not continues_list(tree, opening):
            self._open_first_in_line(spot, opening)
        return open_item(tree, opening, spot.row.offset, spot)

    def _open_inside(self, spot: Spot, row: Line, at: int) -> None:
        opening = legal_lines.item(normalise(row.text[at:]))
        if opening:
            open_item(self._tree, opening, row.offset + at, spot)

    def _open_first_in_line(self, spot: Spot, second: Opening) -> None:
        """A scan may run a list's first item into its lead-in; the second one gives it away."""
        if not spot.position:
            return
        row = self._rows[spot.position - 1]
        ends = [found.end() for found in _LIST_AFTER_COLON.finditer(row.text)]
        ends += [found.end() for found in _LIST_IN_LINE.finditer(row.text)][::-1]
        for at in ends:
            first = legal_lines.item(normalise(row.text[at : at + 8]))
            if first and first.kind == second.kind and self._is_unopened(row, at):
                self._tree.warn(row, "W-BARIS", row.text[at:].strip())
                self._open_inside(spot, row, at)
                return

    def _open_first_ayat(self, spot: Spot) -> None:
        """Page debris may stand before "(1)"; the second ayat gives it away."""
        pasal = self._tree.top
        if pasal is None or pasal.kind != kinds.PASAL or kinds.AYAT in pasal.last:
            return
        for row in self._rows[max(0, spot.position - _AHEAD) : spot.position]:
            found = _FIRST_AYAT.match(row.text)
            if found and self._is_unopened(row, found.end()):
                self._tree.warn(row, "W-BARIS", row.text.strip())
                first = Opening(kinds.AYAT, "1", (1, ""))
                open_ayat(self._tree, first, spot, row.offset + found.end())
                return

    def _is_unopened(self, row: Line, at: int) -> bool:
        return row.offset + at > self._tree.marks[-1].offset

    def _sentence(self, spot: Spot) -> str:
        """The words after a marker, on over the next lines up to a blank one."""
        found = [spot.words.split(" ", 1)[-1]]
        for row in self._rows[spot.position + 1 : spot.position + _AHEAD]:
            if found[-1].endswith((":", ".")) or not (words := normalise(row.text)):
                break
            found.append(words)
        return " ".join(found)
