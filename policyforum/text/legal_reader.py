"""Reads a legal text line by line and decides which part of it (opening, body …) it is in."""

from __future__ import annotations

import re

from policyforum.text import kinds, legal_lines
from policyforum.text.headings import atx_level, heading_words
from policyforum.text.legal_elucidation import Elucidation
from policyforum.text.legal_heads import Heads
from policyforum.text.legal_items import open_tail
from policyforum.text.legal_lines import Opening, Spot, normalise, runs_on
from policyforum.text.legal_markers import Markers
from policyforum.text.legal_tree import HEADING, PROVISION, Tree
from policyforum.text.marks import Finding, Line, Mark

_AMENDS = re.compile(
    r"\bPERUBAHAN\b[^\r\n]{0,80}\bATAS\b|\bdiubah,?\s+sebagai\s+berikut"
    r"|\bsehingga\s+(?:\w{1,30}\s+){0,3}berbunyi\b"
)
_DECISION = re.compile(r"^[ \t#>*]*(?:MEMUTUSKAN|M E M U T U S K A N|Menetapkan)\s*:", re.MULTILINE)
_ELUCIDATION_IN_LINE = re.compile(
    r"\bPENJELASAN\s+ATAS\s+(?:RANCANGAN|PERATURAN|UNDANG)|\bII\.\s*PASAL\s+DEMI\s+PASAL\b"
)
_GENERAL_IN_LINE = re.compile(r"(?<=\s)I\.\s+UMUM\b")
_LONGEST_CATCHWORD = 80
_AHEAD = 6


class Reader:
    """Takes the lines of one legal text in order; `finish` gives its marks and doubts."""

    def __init__(self, source: str, rows: list[Line]) -> None:
        self._rows = rows
        self._tree = Tree()
        self._heads = Heads(self._tree, amending=bool(_AMENDS.search(source)))
        self._markers = Markers(self._tree, rows)
        self._elucidation: Elucidation | None = None
        self._part = "opening"
        self._has_decision = bool(_DECISION.search(source))
        self._decided = False
        self._before = ""
        self._blank = False
        self._own_lines = 0

    def finish(self) -> tuple[list[Mark], list[Finding]]:
        """The marks, the first of them at the start of the text, and the doubts."""
        marks = self._tree.marks
        if not marks:
            marks.append(Mark(0, None, kinds.PREAMBLE, label="Pembukaan"))
        marks[0].offset = 0
        return marks, self._tree.findings

    def read(self, position: int) -> None:
        """Take one line: let it open a section, else leave it to the section it stands in."""
        row = self._rows[position]
        words = normalise(row.text)
        if not words:
            self._blank = True
            return
        if legal_lines.DEBRIS.match(words) or self._is_catchword(position, words):
            return
        fresh = not self._own_lines
        level = atx_level(row.text)
        spot = Spot(position, row, words, level, self._before, self._blank, fresh)
        opened = len(self._tree.marks)
        self._read_spot(spot)
        if not self._tree.marks:
            self._tree.open_as(row.offset, kinds.PREAMBLE, "Pembukaan")
        self._own_lines = 0 if len(self._tree.marks) > opened else self._own_lines + 1
        self._before, self._blank = words, False

    def _read_spot(self, spot: Spot) -> None:
        if self._open_part(spot):
            return
        if self._elucidation:
            self._elucidation.read(spot.row, spot.words)
            return
        if self._part == "closing":
            self._open_head(spot)
            return
        if self._part == "opening" and self._open_preliminary(spot):
            return
        if self._open_head(spot) or self._heads.take_title(spot) or self._open_diktum(spot):
            return
        if self._markers.open(spot) or self._open_heading(spot) or open_tail(self._tree, spot):
            return
        self._note_amending(spot)
        self._note_hidden_head(spot)

    def _is_catchword(self, position: int, words: str) -> bool:
        """A page's last line that gives the first words of the next page ("Pasal 3 . . .")."""
        if len(words) > _LONGEST_CATCHWORD:
            return False
        first = legal_lines.CATCHWORD_DOTS.sub("", words)
        if first == words and not (first.count(" ") <= 2 and legal_lines.item(first)):
            return False
        ahead = (normalise(row.text) for row in self._rows[position + 1 : position + _AHEAD])
        return any(after.startswith(first) and after != words for after in ahead)

    # Parts -------------------------------------------------------------------------------------

    def _open_part(self, spot: Spot) -> bool:
        if self._part == "opening":
            return False
        if found := legal_lines.LAMPIRAN.match(spot.words):
            self._change_part("annex", spot.row.offset, kinds.LAMPIRAN, found["n"] or "")
        elif legal_lines.PENJELASAN.match(spot.words):
            self._open_elucidation(spot.row, 0)
        elif self._part == "body" and legal_lines.PENUTUP.match(spot.words):
            self._change_part("closing", spot.row.offset, kinds.PENUTUP)
            self._open_elucidation_in_line(spot.row)
        else:
            return self._open_elucidation_in_line(spot.row)
        return True

    def _change_part(self, part: str, offset: int, kind: str, number: str = "") -> None:
        label = {kinds.LAMPIRAN: "Lampiran", kinds.PENUTUP: "Penutup"}[kind]
        self._part, self._elucidation = part, None
        self._tree.close_to(None)
        self._tree.open_as(offset, kind, f"{label} {number}".rstrip(), number)

    def _open_elucidation(self, row: Line, at: int) -> None:
        self._part = "elucidation"
        self._tree.close_to(None)
        self._tree.open_as(row.offset + at, kinds.PENJELASAN, "Penjelasan")
        self._elucidation = Elucidation(self._tree)
        self._elucidation.read_glued(row, at)

    def _open_elucidation_in_line(self, row: Line) -> bool:
        """A scan often runs the elucidation's title into the closing line."""
        if self._elucidation or self._part == "annex":
            return False
        found = _ELUCIDATION_IN_LINE.search(row.text)
        if not found:
            return False
        found = _GENERAL_IN_LINE.search(row.text, 0, found.start()) or found
        self._tree.warn(row, "W-BARIS", found.group())
        self._open_elucidation(row, found.start())
        return True

    # Opening -----------------------------------------------------------------------------------

    def _open_preliminary(self, spot: Spot) -> bool:
        patterns = legal_lines.OPENING_WORDS.items()
        found = next((kind for kind, pattern in patterns if pattern.match(spot.words)), "")
        if not found:
            return False
        self._decided = self._decided or found == kinds.MENETAPKAN
        tree = self._tree
        if tree.top and tree.top.kind == found and self._own_lines <= 3:
            return True
        tree.close_to(tree.nearest([kinds.PREAMBLE]))
        tree.open(spot.row.offset, Opening(found, "", None))
        self._markers.open_after_colon(spot)
        return True

    # Body --------------------------------------------------------------------------------------

    def _open_head(self, spot: Spot) -> bool:
        opening = legal_lines.head(spot.words, atx=bool(spot.level))
        if opening is None or not self._stands_alone(spot):
            return False
        if self._part in ("opening", "closing"):
            self._part = "body"
        self._heads.open(spot, opening)
        return True

    def _stands_alone(self, spot: Spot) -> bool:
        """Whether a head is no reference broken over two lines, nor one in the legal basis."""
        if spot.level:
            return True
        if self._part == "opening" and self._has_decision and not self._decided:
            return False
        return spot.blank or not runs_on(spot.before)

    def _open_diktum(self, spot: Spot) -> bool:
        opening = legal_lines.diktum(spot.words, bare=self._decided)
        if opening is None or kinds.PASAL in self._tree.last_numbers(None):
            return False
        if self._part == "opening":
            self._part = "body"
        self._tree.close_rank(PROVISION)
        self._heads.check_sequence(spot, opening)
        self._tree.open(spot.row.offset, opening)
        return True

    def _open_heading(self, spot: Spot) -> bool:
        """A Markdown heading that is no legal head: a section of its own, nested by its level."""
        if not spot.level or self._part == "opening":
            return False
        tree = self._tree
        while tree.top and not tree.top.is_floor:
            nested = tree.top.rank <= HEADING and 0 < tree.top.level < spot.level
            if nested or (tree.top.rank < HEADING and not tree.top.level):
                break
            tree.stack.pop()
        words = heading_words(spot.words)
        node = tree.open_as(spot.row.offset, kinds.HEADING, words, heading=words)
        node.level = spot.level
        return True

    # Doubts ------------------------------------------------------------------------------------

    def _note_amending(self, spot: Spot) -> None:
        """An ordinary Pasal of an omnibus text that announces instructions amends as well."""
        top = self._tree.top
        if top and top.kind == kinds.PASAL and spot.words.endswith("sebagai berikut:"):
            top.amends = top.amends or ("diubah" in spot.words and not self._tree.amending())

    def _note_hidden_head(self, spot: Spot) -> None:
        if legal_lines.MISREAD_PASAL.match(spot.words):
            self._tree.warn(spot.row, "W-ANGKA", spot.words)
        for found in legal_lines.HEAD_IN_LINE.finditer(spot.row.text):
            self._tree.warn(spot.row, "W-BARIS", found[1].strip())
