"""What a correction changed, in a reader's words and in its line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from policyforum.text.fixes import Fix

AROUND = 60
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Place:
    """`removed` gave way to `added`, between `before` and `after`, in a line (from 1)."""

    line: int
    before: str
    removed: str
    added: str
    after: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """What was said to the drafter, and the first places it is about."""

    message: str
    places: tuple[Place, ...]


def corrected(source: str, fixes: Sequence[Fix]) -> Corrected:
    """What these fixes, of which there is at least one, change in a text with LF line ends."""
    places = tuple(_place(source, fix) for fix in fixes[:MOST_SHOWN])
    if len(fixes) == 1:
        return Corrected(_("Line %(number)s is corrected.", number=places[0].line), places)
    message = ngettext("One place is corrected.", "%(num)d places are corrected.", len(fixes))
    return Corrected(message, places)


def _place(source: str, fix: Fix) -> Place:
    begins = source.rfind("\n", 0, fix.start) + 1
    ends = source.find("\n", fix.end)
    ends = len(source) if ends < 0 else ends
    before = source[max(begins, fix.start - AROUND) : fix.start]
    after = source[fix.end : min(ends, fix.end + AROUND)]
    return Place(
        source.count("\n", 0, fix.start) + 1,
        before if fix.start - AROUND <= begins else f"…{before}",
        source[fix.start : fix.end],
        fix.words,
        after if fix.end + AROUND >= ends else f"{after}…",
    )
