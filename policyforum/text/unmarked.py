"""Headings of a text that marks none: lettered lines as in a circular, bold ones as in an export.

A lettered line ("A. Latar Belakang", "II. MAKSUD") stands after a blank one, is short, begins with
a capital, ends in no mark, and counts on from the one before, where one may have been taken out.
A bold line stands alone between blank ones, all of it bold but its number ("3. **Duties**").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from policyforum.text.marks import lines
from policyforum.text.numbering import roman

ANCHOR: Final = re.compile(r"\[\]\{[#.][^{}]{0,80}\}")  # a bookmark of a word processor

_LETTERED: Final = re.compile(
    r" {0,3}(?:\*\*)?(?P<mark>[IVXLC]{1,7}|[A-Z])\.[ \t]{1,8}(?P<words>[A-Z].{1,90}?)"
    r"(?:\*\*)?[ \t]*"
)
_BOLD: Final = re.compile(r"(\*\*|__)(?=\S)(?:(?!\1).){1,120}(?<=\S)\1")
_NUMBER: Final = re.compile(
    r"\s{0,3}(?:(?:\d{1,3}(?:\.\d{1,3}){0,4}|[A-Z]|[IVXLC]{1,7})\\?[.)]?)?\s*"
)
_DIVISION: Final = re.compile(
    r"(?:CHAPTER|PART|ANNEX|APPENDIX|SCHEDULE|TITLE|BAB|BAGIAN|LAMPIRAN)\b", re.IGNORECASE
)
_ENDS_IN: Final = tuple(".,;:?!…")
_LONGEST: Final = 160
_LEAST: Final = 2


class Unmarked(NamedTuple):
    """A heading line: where it begins, its level from 1 down, and its Markdown."""

    offset: int
    level: int
    markup: str


def unmarked_heads(source: str) -> list[Unmarked]:
    """The lines of a text that look like headings without being marked; [] unless there are two."""
    found = list(_alone(source))
    sorts = (_counted(found, "I", roman), _counted(found, "A", _letter), _bold(found))
    return next((run for run in map(list, sorts) if len(run) >= _LEAST), [])


class _Line(NamedTuple):
    offset: int
    text: str
    before_blank: bool


def _alone(source: str) -> Iterator[_Line]:
    """Short lines after a blank one, and whether a blank one follows."""
    rows = [(line.offset, line.text.rstrip("\r\n")) for line in lines(source)]
    for at, (offset, text) in enumerate(rows):
        follows = at == 0 or not rows[at - 1][1].strip()
        if follows and 0 < len(text.strip()) <= _LONGEST:
            yield _Line(offset, text, at + 1 == len(rows) or not rows[at + 1][1].strip())


def _counted(found: list[_Line], first: str, value: Callable[[str], int]) -> Iterator[Unmarked]:
    wanted = value(first)
    for line in found:
        head = _LETTERED.fullmatch(line.text)
        if head is None or head["words"].endswith(_ENDS_IN):
            continue
        mark = head["mark"]
        number = value(mark) if first != "I" or set(mark) <= set("IVXLC") else 0
        if number == wanted or (wanted > value(first) and number == wanted + 1):
            yield Unmarked(line.offset, 1, f"{mark}. {head['words']}")
            wanted = number + 1


def _letter(mark: str) -> int:
    return ord(mark) if len(mark) == 1 else 0


def _bold(found: list[_Line]) -> Iterator[Unmarked]:
    for line in found:
        markup = ANCHOR.sub("", line.text).strip()
        rest, runs = _BOLD.subn("", markup)
        words = markup.replace("*", "").replace("_", "").strip()
        if not line.before_blank or not runs or not _NUMBER.fullmatch(rest):
            continue
        if not words.endswith(_ENDS_IN):
            outer = _DIVISION.match(words) or words == words.upper()
            yield Unmarked(line.offset, 1 if outer else 2, markup)
