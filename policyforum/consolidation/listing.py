"""Reading contributions for the worksheet: which ones, in which order, how many of what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from policyforum.commenting.ledger import DOCUMENT
from policyforum.commenting.models import Comment, Thread, ThreadPosition, Voice
from policyforum.consolidation.gathered import STANDING
from policyforum.consolidation.models import TAKEN_UP, ChangeLink, FeedbackItem, FeedbackThread
from policyforum.db.session import db
from policyforum.policies.models import Revision
from policyforum.web.paging import decode_cursor, encode_cursor

ROWS: Final = 80
EXCERPT: Final = 240
VIEWS: Final = ("all", "undecided", "association", "wording", "objection", "unlinked")
"""`unlinked`: accepted, in full or in part, and no change of the text is linked to it."""

_opening = aliased(Comment)
_place = func.coalesce(ThreadPosition.block_position, DOCUMENT)
_standing = and_(
    ThreadPosition.thread_id == Thread.id, ThreadPosition.revision_id == Thread.revision_id
)
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
class Tally:
    """`outcomes`: how many by outcome ("undecided" among them); `views`: how many by view."""

    outcomes: dict[str, int]
    views: dict[str, int]


@dataclass(frozen=True, slots=True)
class Stop:
    """A contribution as a stop on the way through the list."""

    id: str
    waits: bool


def chosen(
    revision: Revision, sifting: Sifting, span: tuple[int, int] | None
) -> list[ColumnElement[bool]]:
    """The conditions for a sifting; `span`: the places from and to which its section reaches."""
    conditions: list[ColumnElement[bool]] = [Thread.revision_id == revision.id]
    view = _views().get(sifting.view)
    if view is not None:
        conditions.append(view)
    if span is not None:
        conditions.append(_place.between(*span))
    if words := sifting.words.replace("\x00", "").strip():
        number = words.removeprefix("#")
        names = (Voice.name, Voice.unit_name, Voice.association_name)
        found = [name.icontains(words, autoescape=True) for name in names]
        found.append(
            and_(Thread.state.in_(STANDING), _opening.body.icontains(words, autoescape=True))
        )
        if number.isdecimal() and len(number) < 9:
            found.append(Thread.number == int(number))
        conditions.append(or_(*found))
    return conditions


def rows_page(
    conditions: Sequence[ColumnElement[bool]], cursor: str
) -> tuple[list[Any], str | None]:
    """A page of contributions in the order of the text, and the cursor of the next."""
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


def stops(conditions: Sequence[ColumnElement[bool]]) -> tuple[Stop, ...]:
    """All of them in that order."""
    rows = db.session.execute(
        _listed(conditions, Thread.public_id, Thread.waits).order_by(_place, Thread.id)
    )
    return tuple(Stop(public_id, bool(waits)) for public_id, waits in rows)


def counts_by_block(revision: Revision) -> dict[int, tuple[int, int]]:
    """How many contributions stand at each place, and how many of them wait."""
    rows = db.session.execute(
        select(_place, func.count(), func.sum(case((Thread.waits, 1), else_=0)))
        .select_from(Thread)
        .outerjoin(ThreadPosition, _standing)
        .where(Thread.revision_id == revision.id)
        .group_by(_place)
    )
    return {int(place): (total, int(waiting)) for place, total, waiting in rows}


def tally(revision: Revision) -> Tally:
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
    return Tally(outcomes, held)


def _listed(conditions: Sequence[ColumnElement[bool]], *columns: Any) -> Select[Any]:
    """Contributions to the revision they were given on, with their opening words and place."""
    return (
        select(*columns)
        .select_from(Thread)
        .join(Voice, Voice.id == Thread.voice_id)
        .join(_opening, and_(_opening.thread_id == Thread.id, _opening.parent_id.is_(None)))
        .outerjoin(ThreadPosition, _standing)
        .where(*conditions)
    )


def _views() -> dict[str, ColumnElement[bool]]:
    return {
        "undecided": and_(Thread.waits),
        "association": Voice.association_name != "",
        "wording": Thread.suggestion.is_not(None),
        "objection": or_(Thread.kind == "objection", Thread.stance == "oppose"),
        "unlinked": exists().where(
            FeedbackItem.id == _item_id,
            FeedbackItem.outcome.in_(TAKEN_UP),
            ~exists().where(ChangeLink.item_id == FeedbackItem.id),
        ),
    }
