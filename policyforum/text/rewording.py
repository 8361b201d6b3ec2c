"""Rewording a whole section: its number or heading line stays unless the new words bring one."""

from __future__ import annotations

import re
from typing import Final

from policyforum.text import kinds

_MARKER: Final = re.compile(r"\s{0,40}(?:\(\d{1,3}[a-z]?\)|[a-z]{1,2}[.)]|\d{1,3}[.)])[ \t]+")
_COLON: Final = re.compile(r"[^\n:]{1,60}:\s*")
_HEAD_LINE: Final = re.compile(r"([^\n]*)\n(?:(?:=+|-+)[ \t]*\n)?\s*")  # also one underlined
_MARKED: Final = frozenset({kinds.AYAT, kinds.INSTRUKSI, *kinds.LISTS})
_LEAD_IN: Final = frozenset(
    {kinds.DIKTUM, kinds.MENIMBANG, kinds.MENGINGAT, kinds.MEMPERHATIKAN, kinds.MENETAPKAN}
)
_TITLED: Final = frozenset({kinds.HEADING, kinds.PASAL, *kinds.HEADS, *kinds.ELUCIDATIONS})


def kept_head(kind: str, text: str, wording: str) -> int:
    """How many characters of a section's own `text` stay when `wording` takes its place.

    `kind` is one of `kinds`; an unknown one keeps nothing.
    """
    if kind in _MARKED:
        return _kept(_MARKER, text, wording)
    if kind in _LEAD_IN:
        return _kept(_COLON, text, wording)
    head = _HEAD_LINE.match(text) if kind in _TITLED else None
    first_line = wording.strip().partition("\n")[0]
    if head is None or first_line.startswith("#") or _bare(first_line) == _bare(head[1]):
        return 0
    return len(text) if kind in kinds.HEADS else head.end()


def _kept(marker: re.Pattern[str], text: str, wording: str) -> int:
    found = marker.match(text)
    return found.end() if found and not marker.match(wording) else 0


def _bare(line: str) -> str:
    return " ".join(line.strip("#*_ \t\r").casefold().split())
