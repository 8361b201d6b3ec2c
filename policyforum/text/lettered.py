"""Headings of a plain text, as a circular has them: "A. Latar Belakang", "II. MAKSUD DAN TUJUAN".

Such a line stands after a blank one, is short, begins with a capital, ends in no mark, and counts
on from the one before: A, B, C or I, II, III. What breaks the count is no heading.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from policyforum.text.marks import lines
from policyforum.text.numbering import roman

_HEAD: Final = re.compile(
    r" {0,3}(?:\*\*)?(?P<mark>[IVXLC]{1,7}|[A-Z])\.[ \t]{1,8}(?P<words>[A-Z].{1,90}?)"
    r"(?:\*\*)?[ \t]*"
)
_ENDS_IN: Final = tuple(".,;:?!…")
_LEAST: Final = 2


def lettered_heads(source: str) -> list[tuple[int, str]]:
    """Where each heading line begins, and its words with their letter; [] unless two follow."""
    found = list(_candidates(source))
    for first, value in (("I", roman), ("A", _letter)):
        run = list(_counted(found, first, value))
        if len(run) >= _LEAST:
            return run
    return []


def _candidates(source: str) -> Iterator[tuple[int, str, str]]:
    after_blank = True
    for line in lines(source):
        text = line.text.rstrip("\r\n")
        head = _HEAD.fullmatch(text) if after_blank else None
        if head and not head["words"].endswith(_ENDS_IN):
            yield line.offset, head["mark"], f"{head['mark']}. {head['words']}"
        after_blank = not text.strip()


def _counted(
    found: list[tuple[int, str, str]], first: str, value: Callable[[str], int]
) -> Iterator[tuple[int, str]]:
    wanted = value(first)
    for offset, mark, words in found:
        if (first != "I" or set(mark) <= set("IVXLC")) and value(mark) == wanted:
            yield offset, words
            wanted += 1


def _letter(mark: str) -> int:
    return ord(mark) if len(mark) == 1 else 0
