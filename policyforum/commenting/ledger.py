"""The anchor ledger: placements are appended, and what pages read is kept beside it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select, update

from policyforum.commenting.models import (
    BlockActivity,
    Placement,
    Thread,
    ThreadPosition,
)
from policyforum.db.session import db
from policyforum.policies.models import Round

DOCUMENT = -1
"""The block position of activity that stands beside no block."""


def place_first(
    thread: Thread, block_position: int | None, start: int | None, end: int | None, now: datetime
) -> None:
    """Enter a new thread where its author put it."""
    placement = Placement(
        thread_id=thread.id,
        revision_id=thread.revision_id,
        section_id=thread.section_id,
        start=start,
        end=end,
        state="exact",
        score=1.0,
        cause="",
        placed_at=now,
    )
    db.session.add(placement)
    db.session.flush()
    db.session.add(
        ThreadPosition(
            thread_id=thread.id,
            revision_id=thread.revision_id,
            placement_id=placement.id,
            section_id=thread.section_id,
            block_position=block_position,
            state=placement.state,
        )
    )
    count(thread.revision_id, block_position, threads=1, comments=1)


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


def count_everywhere(thread: Thread, *, threads: int = 0, comments: int = 0) -> None:
    """Add to the counts beside the thread's place in every revision."""
    positions = db.session.execute(
        select(ThreadPosition.revision_id, ThreadPosition.block_position)
        .where(ThreadPosition.thread_id == thread.id)
        .order_by(ThreadPosition.revision_id)
    ).all()
    for revision_id, block_position in positions:
        count(revision_id, block_position, threads=threads, comments=comments)


def count(revision_id: int, block_position: int | None, *, threads: int, comments: int) -> None:
    """Add to the counts beside one block. The policy must be locked if the row may be missing."""
    at = DOCUMENT if block_position is None else block_position
    row = (BlockActivity.revision_id == revision_id) & (BlockActivity.block_position == at)
    known = db.session.scalars(
        update(BlockActivity)
        .where(row)
        .values(threads=BlockActivity.threads + threads, comments=BlockActivity.comments + comments)
        .returning(BlockActivity.block_position)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if known is None:
        db.session.execute(
            insert(BlockActivity).values(
                revision_id=revision_id, block_position=at, threads=threads, comments=comments
            )
        )


def count_in_round(consultation: Round, *, threads: int, waiting: int) -> None:
    """Add to what a round keeps count of."""
    db.session.execute(
        update(Round)
        .where(Round.id == consultation.id)
        .values(threads=Round.threads + threads, waiting=Round.waiting + waiting)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(consultation)


def is_shown(thread: Thread) -> bool:
    """Whether a thread still stands beside its section: a withdrawn one as long as others spoke."""
    return thread.state != "withdrawn" or thread.comment_count > 0
