"""The drafters' worksheet: every contribution to a revision, by section, and what is still open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from policyforum.commenting.models import Comment, Thread, ThreadPosition, Voice
from policyforum.consolidation.models import FeedbackItem, FeedbackThread
from policyforum.db.session import db
from policyforum.policies.models import Revision, RevisionBlock, RevisionSection, Section
from policyforum.text import kinds
from policyforum.web.paging import decode_cursor, encode_cursor

ROWS: Final = 80
EXCERPT: Final = 240
VIEWS: Final = ("all", "undecided", "association", "wording", "objection")
DOCUMENT: Final = -1

_opening = aliased(Comment)
_place = func.coalesce(ThreadPosition.block_position, DOCUMENT)
_waits = and_(Thread.round_id.is_not(None), Thread.settled_at.is_(None))
_item_id = (
    select(func.max(FeedbackThread.item_id))
    .where(FeedbackThread.thread_id == Thread.id)
    .correlate(Thread)
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class Sifting:
    """Which contributions: `view` one of VIEWS; of a section by key; with some words in them."""

    view: str = "all"
    section: str = ""
    words: str = ""


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
class Stop:
    """A contribution as a stop on the way through the list."""

    id: str
    waits: bool


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
    blocks = _blocks(revision)
    span = _span_of(revision, blocks, sifting.section) if sifting.section else None
    chosen = _chosen(revision, sifting, span)
    counts = _counts_by_block(revision)
    rows, following = _rows(chosen, cursor)
    return Worksheet(
        groups=tuple(_groups(rows, blocks, counts)),
        parts=tuple(_parts(blocks, counts)),
        **_tally(revision),
        stops=tuple(
            Stop(public_id, bool(waits))
            for public_id, waits in db.session.execute(
                _listed(chosen, Thread.public_id, _waits).order_by(_place, Thread.id)
            )
        ),
        next=following,
    )


def waiting_in(revision: Revision) -> int:
    """How many contributions to a revision still need a disposition."""
    return db.session.scalars(
        select(func.count()).select_from(Thread).where(Thread.revision_id == revision.id, _waits)
    ).one()


def _listed(conditions: Sequence[ColumnElement[bool]], *columns: Any) -> Select[Any]:
    """Contributions to the revision they were given on, with their opening words and place."""
    return (
        select(*columns)
        .select_from(Thread)
        .join(Voice, Voice.id == Thread.voice_id)
        .join(_opening, and_(_opening.thread_id == Thread.id, _opening.parent_id.is_(None)))
        .outerjoin(
            ThreadPosition,
            and_(
                ThreadPosition.thread_id == Thread.id,
                ThreadPosition.revision_id == Thread.revision_id,
            ),
        )
        .where(*conditions)
    )


def _chosen(
    revision: Revision, sifting: Sifting, span: tuple[int, int] | None
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Thread.revision_id == revision.id]
    view = _views().get(sifting.view)
    if view is not None:
        conditions.append(view)
    if span is not None:
        conditions.append(_place.between(*span))
    if words := sifting.words.replace("\x00", "").strip():
        number = words.removeprefix("#")
        fields = (_opening.body, Voice.name, Voice.unit_name, Voice.association_name)
        found = [field.icontains(words, autoescape=True) for field in fields]
        if number.isdecimal() and len(number) < 9:
            found.append(Thread.number == int(number))
        conditions.append(or_(*found))
    return conditions


def _views() -> dict[str, ColumnElement[bool]]:
    return {
        "undecided": _waits,
        "association": Voice.association_name != "",
        "wording": Thread.suggestion.is_not(None),
        "objection": or_(Thread.kind == "objection", Thread.stance == "oppose"),
    }


def _rows(conditions: Sequence[ColumnElement[bool]], cursor: str) -> tuple[list[Any], str | None]:
    after = decode_cursor(cursor, (int, int))
    mates, item = aliased(FeedbackThread), aliased(FeedbackItem)
    companions = (
        select(func.count() - 1).where(mates.item_id == item.id).correlate(item).scalar_subquery()
    )
    query = (
        _listed(
            conditions,
            Thread,
            Voice.name,
            Voice.unit_name,
            Voice.association_name,
            func.substr(_opening.body, 1, EXCERPT).label("words"),
            _place.label("place"),
            item.number.label("item_number"),
            item.outcome,
            companions.label("companions"),
        )
        .outerjoin(item, item.id == _item_id)
        .order_by(_place, Thread.id)
        .limit(ROWS + 1)
    )
    if after is not None:
        place, thread_id = int(after[0]) + DOCUMENT, after[1]
        query = query.where(or_(_place > place, and_(_place == place, Thread.id > thread_id)))
    rows = list(db.session.execute(query))
    if len(rows) <= ROWS:
        return rows, None
    last = rows[ROWS - 1]
    # Cursors hold no negative numbers, and the document stands at -1.
    return rows[:ROWS], encode_cursor([last.place - DOCUMENT, last.Thread.id])


def _groups(
    rows: Sequence[Any], blocks: Sequence[Any], counts: dict[int, tuple[int, int]]
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
    waits = thread.round_id is not None and thread.settled_at is None
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
        waits=waits,
        is_note=thread.round_id is None,
        outcome=found.outcome,
        item_number=found.item_number,
        companions=found.companions if found.item_number is not None else 0,
    )


def _blocks(revision: Revision) -> Sequence[Any]:
    return db.session.execute(
        select(
            RevisionBlock.position,
            RevisionBlock.kind,
            RevisionBlock.label,
            RevisionBlock.heading,
            Section.key,
        )
        .join(Section, Section.id == RevisionBlock.section_id)
        .where(RevisionBlock.revision_id == revision.id)
        .order_by(RevisionBlock.position)
    ).all()


def _span_of(revision: Revision, blocks: Sequence[Any], key: str) -> tuple[int, int]:
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


def _parts(blocks: Sequence[Any], counts: dict[int, tuple[int, int]]) -> Iterator[Part]:
    """Chapters with something said in them; of a text without chapters, its blocks."""
    outer = [block for block in blocks if block.kind == kinds.BAB] or list(blocks)
    ends = [block.position for block in outer[1:]] + [blocks[-1].position + 1 if blocks else 0]
    for block, end in zip(outer, ends, strict=True):
        said = sum(total for at, (total, _) in counts.items() if block.position <= at < end)
        if said:
            yield Part(block.key, block.label, said)


def _counts_by_block(revision: Revision) -> dict[int, tuple[int, int]]:
    rows = db.session.execute(
        _listed(
            [Thread.revision_id == revision.id],
            _place,
            func.count(),
            func.sum(case((_waits, 1), else_=0)),
        ).group_by(_place)
    )
    return {int(place): (total, int(waiting)) for place, total, waiting in rows}


def _tally(revision: Revision) -> dict[str, dict[str, int]]:
    """How many contributions have which outcome, and how many each view holds."""
    outcome = (
        select(FeedbackItem.outcome)
        .where(FeedbackItem.id == _item_id)
        .correlate(Thread)
        .scalar_subquery()
    )
    views = _views()
    inner = _listed(
        [Thread.revision_id == revision.id],
        outcome.label("outcome"),
        *(case((condition, 1), else_=0).label(name) for name, condition in views.items()),
    ).subquery()
    sums = [func.sum(inner.c[name]) for name in views]
    rows = db.session.execute(
        select(inner.c.outcome, func.count(), *sums).group_by(inner.c.outcome)
    ).all()
    held = dict.fromkeys(VIEWS, 0)
    outcomes: dict[str, int] = {}
    for row in rows:
        held["all"] += row[1]
        for name, count in zip(views, row[2:], strict=True):
            held[name] += int(count)
        if row[0] is not None:
            outcomes[row[0]] = row[1]
    outcomes["undecided"] = held["undecided"]
    return {"outcomes": outcomes, "views": held}
