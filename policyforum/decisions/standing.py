"""How people stand on the provisions of a revision: what is contested, where most was said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from policyforum.commenting.models import Comment, Thread, ThreadPosition, Voice
from policyforum.consolidation.queries import Settlement, settlement_of
from policyforum.consolidation.summaries import first_words
from policyforum.db.session import db
from policyforum.policies.models import Revision
from policyforum.policies.queries import BlockHead, block_heads
from policyforum.text import kinds
from policyforum.text.headings import title_beside

FEWEST_OBJECTIONS: Final = 3
MOST_CONTESTED: Final = 5
LONGEST_WORDS: Final = 90
LOUDEST: Final = 10
"""How many contributions to a provision are looked at for its answer."""
REFUSED: Final = ("rejected", "already_covered", "out_of_scope", "deferred")
SHOWN: Final = ("open", "answered")


@dataclass(frozen=True, slots=True)
class Contested:
    """A provision that many object to. Counts are of voices: own words and endorsements.

    `words`: how the objection most people stand behind begins; `settled`: what was decided on it;
    `objecting`, `supporting`: associations that spoke. `unheeded`: objecting associations whose
    contribution was not taken up.
    """

    key: str
    label: str
    heading: str
    support: int
    oppose: int
    other: int
    words: str
    settled: Settlement | None
    objecting: tuple[str, ...]
    supporting: tuple[str, ...]
    unheeded: tuple[str, ...]


class Said(NamedTuple):
    """A contribution, where it stands, the association it is from ("" for none), its words."""

    thread_id: int
    stance: str
    association: str
    body: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A provision in the picture of where most was said."""

    key: str
    label: str
    number: str
    count: int
    is_contested: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """`groups`: the provisions in order, by chapter."""

    contested: tuple[Contested, ...]
    groups: tuple[tuple[str, tuple[Cell, ...]], ...]


def standing(revision: Revision, consulted: Revision) -> Standing:
    """How those who were heard on `consulted` stand on the provisions of `revision`.

    Five queries.
    """
    blocks = block_heads(revision.id)
    votes = _votes(revision, consulted)
    contested = _most_contested(blocks, votes)
    return Standing(
        contested=tuple(_with_answers(contested, votes, revision, consulted)),
        groups=tuple(_groups(blocks, votes, {block.position for block in contested})),
    )


def _votes(revision: Revision, consulted: Revision) -> dict[int, Any]:
    """For each block: contributions, and voices for, against and neither.

    Who supports an objection objects; who opposes it supports the text.
    """
    is_for, is_against = Thread.stance == "support", Thread.stance == "oppose"
    support = case((is_for, 1 + Thread.support_count), (is_against, Thread.oppose_count), else_=0)
    oppose = case((is_against, 1 + Thread.support_count), (is_for, Thread.oppose_count), else_=0)
    other = case((Thread.stance == "neutral", 1 + Thread.support_count), else_=0)
    rows = db.session.execute(
        select(
            ThreadPosition.block_position,
            func.count().label("threads"),
            func.sum(support).label("support"),
            func.sum(oppose).label("oppose"),
            func.sum(other).label("other"),
        )
        .join(Thread, Thread.id == ThreadPosition.thread_id)
        .where(*_heard(revision, consulted))
        .group_by(ThreadPosition.block_position)
    )
    return {row.block_position: row for row in rows}


def _most_contested(blocks: Sequence[BlockHead], votes: dict[int, Any]) -> list[Any]:
    """Blocks with several objections, and not far fewer than there is support."""
    hot = [
        block
        for block in blocks
        if (vote := votes.get(block.position)) is not None
        and vote.oppose >= FEWEST_OBJECTIONS
        and vote.oppose * 2 >= vote.support
    ]
    hot.sort(key=lambda block: (-votes[block.position].oppose, block.position))
    return hot[:MOST_CONTESTED]


def _with_answers(
    blocks: Sequence[BlockHead], votes: dict[int, Any], revision: Revision, consulted: Revision
) -> list[Contested]:
    rows = _said_at([block.position for block in blocks], revision, consulted)
    settled = settlement_of([entry.thread_id for said in rows.values() for entry in said])
    return [
        _contested(block, votes[block.position], rows[block.position], settled) for block in blocks
    ]


def _said_at(
    positions: Sequence[int], revision: Revision, consulted: Revision
) -> dict[int, list[Said]]:
    """What associations and those with most voices behind them said at these blocks.

    Objections come first, and of them those with most voices.
    """
    weight = Thread.support_count + Thread.oppose_count
    order = ((Thread.stance == "oppose").desc(), weight.desc(), Thread.id)
    rank = func.row_number().over(partition_by=ThreadPosition.block_position, order_by=order)
    said = (
        select(
            ThreadPosition.block_position,
            Thread.id.label("thread_id"),
            Thread.stance,
            Voice.association_name,
            rank.label("rank"),
        )
        .join(Thread, Thread.id == ThreadPosition.thread_id)
        .join(Voice, Voice.id == Thread.voice_id)
        .where(*_heard(revision, consulted), ThreadPosition.block_position.in_(positions))
        .subquery()
    )
    rows = db.session.execute(
        select(said, Comment.body)
        .join(Comment, and_(Comment.thread_id == said.c.thread_id, Comment.parent_id.is_(None)))
        .where(or_(said.c.rank <= LOUDEST, said.c.association_name != ""))
        .order_by(said.c.rank)
    )
    found: dict[int, list[Said]] = defaultdict(list)
    for row in rows:
        found[row.block_position].append(
            Said(row.thread_id, row.stance, row.association_name, row.body)
        )
    return found


def _heard(revision: Revision, consulted: Revision) -> tuple[ColumnElement[bool], ...]:
    return (
        Thread.revision_id == consulted.id,
        Thread.round_id.is_not(None),
        Thread.state.in_(SHOWN),
        ThreadPosition.revision_id == revision.id,
        ThreadPosition.block_position.is_not(None),
    )


def _contested(
    block: Any,
    vote: Any,
    said: Sequence[Said],
    settled: dict[int, Settlement],
) -> Contested:
    objecting, supporting, unheeded = list[str](), list[str](), list[str]()
    for entry in said:
        if not entry.association or entry.stance == "neutral":
            continue
        objects = entry.stance == "oppose"
        (objecting if objects else supporting).append(entry.association)
        decided = settled.get(entry.thread_id)
        if objects and decided is not None and decided.outcome in REFUSED:
            unheeded.append(entry.association)
    answered = (settled[entry.thread_id] for entry in said if entry.thread_id in settled)
    return Contested(
        key=block.key,
        label=block.label,
        heading=title_beside(block.label, block.heading),
        support=int(vote.support),
        oppose=int(vote.oppose),
        other=int(vote.other),
        words=first_words(said[0].body, LONGEST_WORDS),
        settled=next(answered, None),
        objecting=tuple(dict.fromkeys(objecting)),
        supporting=tuple(dict.fromkeys(supporting)),
        unheeded=tuple(dict.fromkeys(unheeded)),
    )


def _groups(
    blocks: Sequence[BlockHead], votes: dict[int, Any], contested: set[int]
) -> list[tuple[str, tuple[Cell, ...]]]:
    """A cell for each provision (of a text without, for each heading), by chapter."""
    provisions = next(
        (
            kind
            for kind in (kinds.PASAL, kinds.DIKTUM, kinds.HEADING)
            if any(block.kind == kind for block in blocks)
        ),
        kinds.PREAMBLE,
    )
    groups: list[tuple[str, list[Cell]]] = [("", [])]
    for block in blocks:
        if block.kind == kinds.BAB:
            groups.append((block.number, []))
        elif block.kind == provisions:
            vote = votes.get(block.position)
            groups[-1][1].append(
                Cell(
                    key=block.key,
                    label=block.label,
                    number=block.number,
                    count=vote.threads if vote is not None else 0,
                    is_contested=block.position in contested,
                )
            )
    return [(label, tuple(cells)) for label, cells in groups if cells]
