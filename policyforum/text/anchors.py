"""Anchors: which words of a revision a comment is about, and where they stand in a later one.

`locate` finds a quotation in a section, `describe` turns a stretch of it into an anchor, `place`
and `place_all` find the anchors of one revision in the next.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from policyforum.text.diff import Comparison
from policyforum.text.keyed import KeyedSection
from policyforum.text.locating import CONTEXT, locate
from policyforum.text.placements import (
    DOUBTFUL,
    EXACT,
    MOVED,
    REWORDED,
    UNPLACED,
    Anchor,
    AnchorRequest,
    Placement,
)
from policyforum.text.placing import Placer

__all__ = [
    "DOUBTFUL",
    "EXACT",
    "MOVED",
    "REWORDED",
    "UNPLACED",
    "Anchor",
    "AnchorRequest",
    "Placement",
    "describe",
    "locate",
    "place",
    "place_all",
]


def describe(text: str, start: int, end: int) -> Anchor:
    """Describe a stretch of a section's subtree source so that it can be found again.

    ValueError when it is empty or reaches out of the text.
    """
    if not 0 <= start < end <= len(text):
        raise ValueError("an anchor must be a stretch of the text")
    prefix = text[max(0, start - CONTEXT) : start]
    return Anchor(text[start:end], prefix, text[end : end + CONTEXT], start, end)


def place(
    anchor: Anchor | None,
    old_key: str | None,
    old: Sequence[KeyedSection],
    new: Sequence[KeyedSection],
    comparison: Comparison,
) -> Placement:
    """Find one anchor of `old` in `new`; see `place_all`."""
    return place_all([AnchorRequest(old_key, anchor)], old, new, comparison)[0]


def place_all(
    requests: Iterable[AnchorRequest],
    old: Sequence[KeyedSection],
    new: Sequence[KeyedSection],
    comparison: Comparison,
    chosen: Collection[str] = (),
) -> list[Placement]:
    """Find the anchors of `old` in `new`, in the order asked; `comparison` is of the two.

    An anchor of None is about the whole section, a key of None about the whole document. Never
    fails: what cannot be found is `unplaced`, what is not sure enough `doubtful`. `chosen`: keys of
    sections that a person said go on, whatever became of their words.
    """
    placer = Placer(old, new, comparison, chosen)
    return [placer.place(request) for request in requests]
