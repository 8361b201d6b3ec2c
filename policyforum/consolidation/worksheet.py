"""The drafters' worksheet: every contribution to a revision, by section, and what is still open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import select

from policyforum.commenting.ledger import DOCUMENT
from policyforum.commenting.models import Thread
from policyforum.consolidation.listing import (
    Sifting,
    Stop,
    chosen,
    counts_by_block,
    rows_page,
    stops,
    tally,
)
from policyforum.db.session import db
from policyforum.policies.models import Revision, RevisionSection, Section
from policyforum.policies.queries import BlockHead, block_heads
from policyforum.text import kinds


@dataclass(frozen=True, slots=True)
class Row:
    """One contribution. `companions`: how many others its item answers with it.

    `waits`: it has no disposition and needs one; `words`: how it begins, "" when taken back.
    """

    id: str
    number: int
    words: str
    name: str
    origin: str
    is_association: bool
    kind: str
    stance: str
    has_wording: bool
    replies: int
    support_count: int
    oppose_count: int
    state: str
    waits: bool
    is_note: bool
    outcome: str | None
    item_number: int | None
    companions: int


@dataclass(frozen=True, slots=True)
class Group:
    """The contributions beside one block; counts are of all there, not only of those shown."""

    label: str
    heading: str
    rows: tuple[Row, ...]
    total: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter one may narrow the list to."""

    key: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Worksheet:
    """`outcomes`: how many by outcome ("undecided" among them); `views`: how many by view."""

    groups: tuple[Group, ...]
    parts: tuple[Part, ...]
    outcomes: dict[str, int]
    views: dict[str, int]
    stops: tuple[Stop, ...]
    next: str | None

    def step(self, thread_id: str, by: int) -> str | None:
        """The contribution before (-1) or after (1) one in this list."""
        at = self.place_of(thread_id)
        there = at - 1 + by if at else -1
        return self.stops[there].id if 0 <= there < len(self.stops) else None

    def place_of(self, thread_id: str) -> int:
        """Which one in this list, counted from 1; 0 when it is not in it."""
        return next((n for n, stop in enumerate(self.stops, 1) if stop.id == thread_id), 0)

    def next_waiting(self, thread_id: str = "") -> str | None:
        """The next one without a disposition after this one, round and round."""
        at = self.place_of(thread_id)
        ahead = (*self.stops[at:], *self.stops[:at])
        return next((s.id for s in ahead if s.waits and s.id != thread_id), None)


def worksheet(revision: Revision, sifting: Sifting, cursor: str = "") -> Worksheet:
    """The worksheet of a revision, a page of it. Six queries."""
    blocks = block_heads(revision.id)
    span = _span_of(revision, blocks, sifting.section) if sifting.section else None
    conditions = chosen(revision, sifting, span)
    counts, counted = counts_by_block(revision), tally(revision)
    rows, following = rows_page(conditions, cursor)
    return Worksheet(
        groups=tuple(_groups(rows, blocks, counts)),
        parts=tuple(_parts(blocks, counts)),
        outcomes=counted.outcomes,
        views=counted.views,
        stops=stops(conditions),
        next=following,
    )


def _groups(
    rows: Sequence[Any], blocks: Sequence[BlockHead], counts: dict[int, tuple[int, int]]
) -> Iterator[Group]:
    named = {block.position: block for block in blocks}
    for place, members in groupby(rows, key=lambda row: int(row.place)):
        block = named.get(place)
        total, waiting = counts.get(place, (0, 0))
        heading = block.heading if block is not None and block.heading != block.label else ""
        yield Group(
            label=block.label if block is not None else "",
            heading=heading,
            rows=tuple(_row(member) for member in members),
            total=total,
            waiting=waiting,
        )


def _row(found: Any) -> Row:
    thread: Thread = found.Thread
    gone = thread.state in ("withdrawn", "hidden")
    return Row(
        id=thread.public_id,
        number=thread.number,
        words="" if gone else found.words,
        name=found.name,
        origin=found.association_name or found.unit_name,
        is_association=bool(found.association_name),
        kind=thread.kind,
        stance=thread.stance,
        has_wording=thread.suggestion is not None and not gone,
        replies=max(thread.comment_count - 1, 0),
        support_count=thread.support_count,
        oppose_count=thread.oppose_count,
        state=thread.state,
        waits=thread.waits,
        is_note=thread.round_id is None,
        outcome=found.outcome,
        item_number=found.item_number,
        companions=found.companions if found.item_number is not None else 0,
    )


def _span_of(revision: Revision, blocks: Sequence[BlockHead], key: str) -> tuple[int, int]:
    """The places from and to which a section reaches; an unknown one reaches nowhere."""
    if key == "document":
        return DOCUMENT, DOCUMENT
    chapters = [block for block in blocks if block.kind == kinds.BAB]
    for at, chapter in enumerate(chapters):
        if chapter.key == key:
            end = chapters[at + 1].position - 1 if at + 1 < len(chapters) else blocks[-1].position
            return chapter.position, end
    place = None
    if "\x00" not in key:
        place = db.session.scalars(
            select(RevisionSection.block_position)
            .join(Section, Section.id == RevisionSection.section_id)
            .where(RevisionSection.revision_id == revision.id, Section.key == key)
        ).one_or_none()
    return (place, place) if place is not None else (DOCUMENT - 1, DOCUMENT - 1)


def _parts(blocks: Sequence[BlockHead], counts: dict[int, tuple[int, int]]) -> Iterator[Part]:
    """Chapters with something said in them; of a text without chapters, its blocks."""
    outer = [block for block in blocks if block.kind == kinds.BAB] or list(blocks)
    ends = [block.position for block in outer[1:]] + [blocks[-1].position + 1 if blocks else 0]
    for block, end in zip(outer, ends, strict=True):
        said = sum(total for at, (total, _) in counts.items() if block.position <= at < end)
        if said:
            yield Part(block.key, block.label, said)
