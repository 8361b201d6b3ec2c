"""The structure of an Indonesian legal text: opening, body, closing, elucidation, annexes.

The words of a line decide (Markdown heading level does not), numbers are checked against their
sequence, and what does not fit stays text of the section it stands in, with a warning:
W-URUT out of sequence, W-ULANG a list begins again, W-ANGKA a number that looks misread, W-BARIS
structure hidden in the middle of a line.
"""

from __future__ import annotations

import re

from policyforum.text import kinds, legal_lines
from policyforum.text.headings import atx_level
from policyforum.text.legal_lines import normalise
from policyforum.text.legal_reader import Reader
from policyforum.text.marks import Finding, Line, Mark, lines

_HINT = re.compile(r"\b(?:Pasal|PASAL|BAB|Bab|B A B|KESATU|PERTAMA)\b")

_OPENING = re.compile(r"^[ \t]*(?:Menimbang|MENIMBANG|Mengingat|MENGINGAT)[ \t]*:", re.MULTILINE)

# A line longer than this is a paragraph and no head, whatever it begins with.
_LONGEST_HEAD = 500


def legal_marks(source: str) -> tuple[list[Mark], list[Finding]] | None:
    """Marks and doubts of a text in legal form, or None when it shows no BAB, Pasal or diktum."""
    if not _HINT.search(source):
        return None
    rows = list(lines(source))
    hidden = _fenced(rows)
    if not _is_legal(rows, hidden):
        return None
    reader = Reader(source, rows)
    for position in range(len(rows)):
        if position not in hidden:
            reader.read(position)
    return reader.finish()


def hidden_heads(source: str) -> list[Finding]:
    """In a text that opens like a regulation and shows no head, those a scan ran into its lines."""
    if not (_HINT.search(source) and _OPENING.search(source)):
        return []
    return [
        Finding(row.number, "W-BARIS", {"words": found[1].strip()})
        for row in lines(source)
        for found in legal_lines.HEAD_IN_LINE.finditer(row.text)
    ]


def _fenced(rows: list[Line]) -> set[int]:
    """Positions of lines inside closed code fences; one that never closes hides nothing."""
    hidden: set[int] = set()
    fence, start = "", 0
    for position, row in enumerate(rows):
        bare = row.text.strip()
        if fence and bare.startswith(fence) and not bare.strip(fence[0]):
            hidden.update(range(start, position + 1))
            fence = ""
        elif not fence and bare.startswith(("```", "~~~")):
            fence, start = bare[:3], position
    return hidden


def _is_legal(rows: list[Line], hidden: set[int]) -> bool:
    """BAB or Pasal heads, or diktums; one Pasal line in a text with other headings is chance."""
    pasal = diktum = headings = 0
    for position, row in enumerate(rows):
        level = atx_level(row.text)
        headings += bool(level)
        if position in hidden or (len(row.text) > _LONGEST_HEAD and not level):
            continue
        words = normalise(row.text)
        opening = legal_lines.head(words, atx=bool(level))
        if opening and (opening.kind == kinds.BAB or (opening.kind == kinds.PASAL and level)):
            return True
        pasal += bool(opening and opening.kind == kinds.PASAL)
        diktum += bool(legal_lines.diktum(words, bare=False))
    return pasal >= 2 or diktum >= 2 or (pasal + diktum == 1 and not headings)
