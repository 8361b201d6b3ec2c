"""What still waits for a disposition, and what no longer does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from policyforum.commenting.models import Thread
from policyforum.consolidation.models import FeedbackItem, FeedbackThread
from policyforum.db.session import db
from policyforum.policies.models import Policy, Revision, Round
from policyforum.policies.rounds import conclude_if_answered


def threads_of(item: FeedbackItem) -> list[Thread]:
    """The threads an item gathers, oldest first."""
    return list(
        db.session.scalars(
            select(Thread)
            .join(FeedbackThread, FeedbackThread.thread_id == Thread.id)
            .where(FeedbackThread.item_id == item.id)
            .order_by(Thread.id)
        )
    )


def settle_threads(threads: Sequence[Thread], now: datetime) -> None:
    """Mark threads as disposed of; a round with nothing left waiting may be concluded."""
    held = db.session.scalars(
        select(Thread)
        .where(Thread.id.in_([thread.id for thread in threads]))
        .order_by(Thread.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    settled: Counter[int] = Counter()
    for thread in held:
        if thread.state == "open":
            thread.state = "answered"
        if thread.settled_at is None:
            thread.settled_at = now
            settled.update([thread.round_id] if thread.round_id is not None else [])
    for round_id, count in sorted(settled.items()):
        consultation = db.session.get_one(
            Round, round_id, with_for_update=True, populate_existing=True
        )
        consultation.waiting -= count
        conclude_if_answered(consultation, now)


def waiting_in(revision: Revision) -> Sequence[Thread]:
    """The contributions given in a round on this very revision that have no disposition yet."""
    return db.session.scalars(select(Thread).where(*_waits_in(revision)).order_by(Thread.id)).all()


def count_waiting(revision: Revision) -> int:
    """How many they are."""
    return db.session.scalars(
        select(func.count()).select_from(Thread).where(*_waits_in(revision))
    ).one()


def unsettled(policy: Policy) -> list[dict[str, Any]]:
    """Gate before publication: the contributions given in a round that have no disposition."""
    waiting = db.session.scalars(
        select(Thread).where(Thread.policy_id == policy.id, Thread.waits).order_by(Thread.id)
    )
    return [
        {
            "thread": thread.public_id,
            "number": thread.number,
            "section": thread.section_label,
            "url": f"/policies/{policy.slug}/worksheet/{thread.public_id}",
        }
        for thread in waiting
    ]


def _waits_in(revision: Revision) -> tuple[ColumnElement[bool], ...]:
    return (Thread.revision_id == revision.id, and_(Thread.waits))
