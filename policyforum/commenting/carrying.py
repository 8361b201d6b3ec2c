"""Where threads of one text stand in the next: pure work on values that were read before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from policyforum.text.anchors import (
    DOUBTFUL,
    UNPLACED,
    Anchor,
    AnchorRequest,
    Placement,
    describe,
    place_all,
)
from policyforum.text.diff import compare
from policyforum.text.keyed import KeyedSection
from policyforum.text.keyedtext import KeyedText


@dataclass(frozen=True, slots=True)
class Standing:
    """A thread as it stands in a revision. `key` None: the document, or (unplaced) nowhere."""

    thread_id: int
    comments: int
    endorsements: int
    key: str | None
    start: int | None
    end: int | None
    state: str
    score: float
    cause: str


def carry_over(
    standings: Sequence[Standing],
    old: Sequence[KeyedSection],
    new: Sequence[KeyedSection],
    chosen: Collection[str],
) -> list[Placement]:
    """The place in `new` of each thread that stands in `old`, in the same order.

    A doubt nobody settled stays a doubt; what had no place stays without one. `chosen`: keys of
    sections whose origin a drafter chose.
    """
    placeable = [standing for standing in standings if standing.state != UNPLACED]
    text = KeyedText(old)
    requests = [AnchorRequest(standing.key, _anchor(standing, text)) for standing in placeable]
    places = iter(place_all(requests, old, new, compare(old, new), chosen) if requests else ())
    return [
        Placement(None, None, None, UNPLACED, standing.score, standing.cause)
        if standing.state == UNPLACED
        else _doubts_kept(standing, next(places))
        for standing in standings
    ]


def _anchor(standing: Standing, text: KeyedText) -> Anchor | None:
    if standing.start is None or standing.end is None:
        return None
    low, high = text.subtree(standing.key) if standing.key else (0, len(text.source))
    if not low <= low + standing.start < low + standing.end <= high:
        return None
    return describe(text.source[low:high], standing.start, standing.end)


def _doubts_kept(standing: Standing, place: Placement) -> Placement:
    if standing.state != DOUBTFUL or place.state == UNPLACED:
        return place
    score = min(standing.score, place.score)
    return replace(place, state=DOUBTFUL, score=score, cause=standing.cause)
