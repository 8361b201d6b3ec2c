"""What is kept count of, against what there is."""

from __future__ import annotations

from sqlalchemy import Select, case, func, or_, select

from policyforum.commenting import witness_counts
from policyforum.commenting.filters import is_shown
from policyforum.commenting.ledger import DOCUMENT
from policyforum.commenting.models import BlockActivity, Thread, ThreadPosition
from policyforum.db.session import db


def miscounted() -> list[tuple[object, ...]]:
    """What counts other than there is.

    Beside what the record is checked for: where threads stand, how lively they are there, and how
    much is said beside each block.
    """
    kept, there = (set(map(tuple, db.session.execute(asked))) for asked in (_kept(), _there()))
    places = map(tuple, db.session.execute(_places()))
    return [*witness_counts.miscounted(), *places, *sorted(kept ^ there)]


def _places() -> Select[int, int]:
    place = ThreadPosition
    lively = Thread.comment_count + Thread.support_count + Thread.oppose_count
    is_here = place.revision_id == Thread.revision_id
    return (
        select(place.thread_id, place.revision_id)
        .join(Thread, Thread.id == place.thread_id)
        .where(or_(place.liveliness != lively, place.written_here != is_here))
    )


def _kept() -> Select[int, int, int, int]:
    block = BlockActivity
    return select(block.revision_id, block.block_position, block.threads, block.comments).where(
        or_(block.threads != 0, block.comments != 0)
    )


def _there() -> Select[int, int, int, int]:
    at = func.coalesce(ThreadPosition.block_position, DOCUMENT).label("at")
    threads = func.sum(case((is_shown(), 1), else_=0))
    comments = func.sum(Thread.comment_count)
    return (
        select(ThreadPosition.revision_id, at, threads, comments)
        .join(Thread, Thread.id == ThreadPosition.thread_id)
        .group_by(ThreadPosition.revision_id, at)
        .having(or_(threads != 0, comments != 0))
    )
