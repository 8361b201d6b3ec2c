"""Which threads are shown beside each block: the first in the order that an index keeps them in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, literal, select, union_all

from policyforum.commenting.filters import is_shown
from policyforum.commenting.models import BlockActivity, Thread, ThreadPosition
from policyforum.db.session import db


def liveliest(revision_id: int, per_block: int, first: str) -> list[int]:
    """The row ids of the threads to be shown of a revision, those of each block in their order.

    So many of each block and of the document; before all others the thread with the public id
    `first`, if it stands in the revision. One query.
    """
    wanted = _standing(revision_id).where(Thread.public_id == first)
    found: list[Select[Any, Any]] = [wanted.add_columns(literal(0).label("rank"))]
    blocks = BlockActivity.revision_id == revision_id, BlockActivity.block_position >= 0
    beside = ThreadPosition.block_position == BlockActivity.block_position
    of_the_document = ThreadPosition.block_position.is_(None)
    others = _standing(revision_id).where(Thread.public_id != first)
    for rank in range(1, per_block + 1):
        found.append(select(_nth(others, rank, beside), literal(rank)).where(*blocks))
        found.append(select(_nth(others, rank, of_the_document), literal(rank)))
    rows = db.session.execute(union_all(*found).order_by("rank"))
    return [thread_id for thread_id, _rank in rows if thread_id is not None]


def _standing(revision_id: int) -> Select[int]:
    return (
        select(ThreadPosition.thread_id)
        .join(Thread, Thread.id == ThreadPosition.thread_id)
        .where(
            ThreadPosition.revision_id == revision_id,
            ThreadPosition.state != "unplaced",
            is_shown(),
        )
    )


def _nth(threads: Select[int], rank: int, at: ColumnElement[bool]) -> ColumnElement[int | None]:
    place = ThreadPosition
    return (
        threads.where(at)
        .order_by(place.written_here.desc(), place.liveliness.desc(), place.thread_id.desc())
        .limit(1)
        .offset(rank - 1)
        .correlate(BlockActivity)
        .scalar_subquery()
    )
