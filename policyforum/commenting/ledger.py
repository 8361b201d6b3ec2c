"""The anchor ledger: placements are appended, and what pages read is kept beside it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, insert, update

from policyforum.commenting.models import (
    BlockActivity,
    Placement,
    Thread,
    ThreadPosition,
)
from policyforum.commenting.passages import Passage
from policyforum.db.base import table_of
from policyforum.db.session import db
from policyforum.policies.models import Round

DOCUMENT = -1
"""The block position of activity that stands beside no block."""


def place_first(thread_id: int, revision_id: int, passage: Passage, now: datetime) -> None:
    """Enter a new thread where its author put it. The policy must be locked."""
    connection = db.session.connection()
    placement = {
        "thread_id": thread_id,
        "revision_id": revision_id,
        "section_id": passage.section_id,
        "start": passage.start,
        "end": passage.end,
        "state": "exact",
        "score": 1.0,
        "cause": "",
        "placed_at": now,
    }
    placement_id = connection.execute(_ADD_PLACEMENT, placement).scalar_one()
    position = {
        "thread_id": thread_id,
        "revision_id": revision_id,
        "placement_id": placement_id,
        "section_id": passage.section_id,
        "block_position": passage.block_position,
        "state": "exact",
        "written_here": True,
        "liveliness": 1,
    }
    connection.execute(_ADD_POSITION, position)
    count(revision_id, passage.block_position, threads=1, comments=1)


def stand_elsewhere(
    position: ThreadPosition, placement: Placement, block_position: int | None
) -> None:
    """Let a newer placement count, and move what is said with it."""
    thread = position.thread
    threads, comments = int(is_shown(thread)), thread.comment_count
    count(position.revision_id, position.block_position, threads=-threads, comments=-comments)
    db.session.add(placement)
    db.session.flush()
    position.placement_id = placement.id
    position.section_id = placement.section_id
    position.block_position = block_position
    position.state = placement.state
    count(position.revision_id, block_position, threads=threads, comments=comments)


def count_everywhere(thread_id: int, *, threads: int = 0, comments: int = 0) -> None:
    """Add to the counts beside the thread's place in every revision. The thread must be locked."""
    positions = liven(thread_id, comments)
    for revision_id, block_position in sorted(positions.items()):
        count(revision_id, block_position, threads=threads, comments=comments)


def liven(thread_id: int, more: int) -> dict[int, int | None]:
    """Add to a thread's liveliness; → the block it stands beside, by revision."""
    given = {"of_thread": thread_id, "more": more}
    positions = db.session.connection().execute(_LIVEN, given)
    return {row.revision_id: row.block_position for row in positions}


def count(revision_id: int, block_position: int | None, *, threads: int, comments: int) -> None:
    """Add to the counts beside one block. The policy must be locked if the row may be missing."""
    at = DOCUMENT if block_position is None else block_position
    connection = db.session.connection()
    more = {"revision": revision_id, "at": at, "more_threads": threads, "more_comments": comments}
    if connection.execute(_COUNT, more).rowcount == 0:
        first = {
            "revision_id": revision_id,
            "block_position": at,
            "threads": threads,
            "comments": comments,
        }
        connection.execute(_COUNT_FIRST, first)


def count_in_round(round_id: int, *, threads: int, waiting: int) -> None:
    """Add to what a round keeps count of."""
    more = {"round_id": round_id, "more_threads": threads, "more_waiting": waiting}
    db.session.connection().execute(_COUNT_IN_ROUND, more)


def is_shown(thread: Thread) -> bool:
    """Whether a thread still stands beside its section: a withdrawn one as long as others spoke."""
    return thread.state != "withdrawn" or thread.comment_count > 0


# Carried out with every contribution, so they are put together once.
_activity, _positions, _rounds = table_of(BlockActivity), table_of(ThreadPosition), table_of(Round)
_ADD_PLACEMENT = insert(table_of(Placement)).returning(table_of(Placement).c.id)
_ADD_POSITION = insert(_positions)
_LIVEN = (
    update(_positions)
    .where(_positions.c.thread_id == bindparam("of_thread"))
    .values(liveliness=_positions.c.liveliness + bindparam("more"))
    .returning(_positions.c.revision_id, _positions.c.block_position)
)
_COUNT = (
    update(_activity)
    .where(
        _activity.c.revision_id == bindparam("revision"),
        _activity.c.block_position == bindparam("at"),
    )
    .values(
        threads=_activity.c.threads + bindparam("more_threads"),
        comments=_activity.c.comments + bindparam("more_comments"),
    )
)
_COUNT_FIRST = insert(_activity)
_COUNT_IN_ROUND = (
    update(_rounds)
    .where(_rounds.c.id == bindparam("round_id"))
    .values(
        threads=_rounds.c.threads + bindparam("more_threads"),
        waiting=_rounds.c.waiting + bindparam("more_waiting"),
    )
)
