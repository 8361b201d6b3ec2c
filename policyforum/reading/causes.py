"""Why a text changed: the contributions behind each changed block of a comparison."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from policyforum.consolidation.causes import Cause, causes_of
from policyforum.policies.models import Revision
from policyforum.reading.comparing import ComparedRevisions

LONGEST_WORDS = 140


@dataclass(frozen=True, slots=True)
class Reason:
    """A contribution (and how many like it) that led to a change, and what was decided.

    `place`: the section within its block ("ayat (3)"), "" for the whole block.
    """

    place: str
    who: str
    origin: str
    words: str
    more: int
    outcome: str
    reason: str
    path: str


def reasons_for(
    comparison: ComparedRevisions, revisions: Sequence[Revision], before: int, after: int
) -> dict[str, list[Reason]]:
    """The reasons by key of the changed block; `before`, `after` are revision numbers."""
    first, last = sorted((before, after))
    between = [revision.id for revision in revisions if first < revision.number <= last]
    blocks = comparison.block_of()
    items: dict[tuple[str, str], Cause] = {}
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    for cause in causes_of(between):
        block = blocks.get(cause.section_key)
        if block is None or not cause.raised:
            continue
        items[block.key, cause.item_id] = cause
        label = comparison.labels.get(cause.section_key, "")
        places[block.key, cause.item_id].append(label.removeprefix(block.label).strip())
    found: dict[str, list[Reason]] = defaultdict(list)
    for (key, _item), cause in items.items():
        found[key].append(_reason(cause, places[key, cause.item_id]))
    return dict(found)


def _reason(cause: Cause, places: Sequence[str]) -> Reason:
    """The whole block, once it is among the places, stands for all of them."""
    place = "" if "" in places else ", ".join(dict.fromkeys(places))
    spoken = [raised for raised in cause.raised if raised.words] or list(cause.raised)
    first = spoken[0]
    return Reason(
        place=place,
        who=first.name,
        origin=first.origin,
        words=shortened(first.words),
        more=len(cause.raised) - 1,
        outcome=cause.outcome,
        reason=cause.reason,
        path=first.path,
    )


def shortened(words: str, longest: int = LONGEST_WORDS) -> str:
    """The beginning of somebody's words, to the end of a word."""
    words = " ".join(words.split())
    if len(words) <= longest:
        return words
    return words[:longest].rsplit(" ", 1)[0].rstrip(",;:.") + " …"
