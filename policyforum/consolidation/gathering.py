"""Gathering contributions into feedback items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from policyforum.audit.record import Event, record
from policyforum.commenting.models import Thread, ThreadPosition
from policyforum.consolidation.gates import lock_as_drafter, section_id_by_key
from policyforum.consolidation.models import FeedbackItem, FeedbackThread
from policyforum.consolidation.settling import settle_threads, threads_of
from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.policies.models import Policy, Revision
from policyforum.policies.queries import revision_by_number
from policyforum.web.problems import Invalid
from policyforum.web.texts import checked_line

LONGEST_SUMMARY = 2_000


@dataclass(frozen=True, slots=True)
class FeedbackData:
    """`threads`: public ids; `section_key`: None takes the first thread's section."""

    revision: int
    summary: str
    threads: Sequence[str]
    section_key: str | None = None


def gather(policy: Policy, actor: Actor, data: FeedbackData, now: datetime) -> FeedbackItem:
    """Make one feedback item of one or many threads.

    Raises `Forbidden` for whom it is not, `Closed` when the policy is withdrawn, `NotFound` for an
    unknown revision, `Invalid` for summary, section and threads.
    """
    policy = lock_as_drafter(policy, actor)
    revision = revision_by_number(policy, data.revision)
    summary = checked_line("summary", data.summary, LONGEST_SUMMARY)
    threads = _threads_of(policy, data.threads)
    item = FeedbackItem(
        policy_id=policy.id,
        revision_id=revision.id,
        section_id=_section_of(revision, threads, data.section_key),
        number=_next_number(policy),
        summary=summary,
        created_at=now,
        created_by_id=actor.account_id,
    )
    db.session.add(item)
    db.session.flush()
    _join_threads(item, threads, actor, now)
    return item


def add_threads(item: FeedbackItem, actor: Actor, threads: Sequence[str], now: datetime) -> None:
    """Take more threads (public ids) into an item; those it has already stay as they are.

    Raises `Forbidden` for whom it is not, `Closed` when the policy is withdrawn, `Invalid` for
    threads of another policy.
    """
    lock_as_drafter(item.policy, actor)
    db.session.refresh(item)
    known = {thread.id for thread in threads_of(item)}
    added = [thread for thread in _threads_of(item.policy, threads) if thread.id not in known]
    if added:
        _join_threads(item, added, actor, now)
    if added and item.outcome is not None:
        settle_threads(added, now)


def _threads_of(policy: Policy, public_ids: Sequence[str]) -> list[Thread]:
    wanted = list(dict.fromkeys(public_ids))
    found = {
        thread.public_id: thread
        for thread in db.session.scalars(
            select(Thread)
            .where(Thread.policy_id == policy.id, Thread.public_id.in_(wanted))
            .order_by(Thread.id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    }
    if not wanted or len(found) < len(wanted):
        raise Invalid({"threads": [_("Name at least one thread of this policy.")]})
    return [found[public_id] for public_id in wanted]


def _section_of(revision: Revision, threads: Sequence[Thread], key: str | None) -> int | None:
    if key is not None:
        return section_id_by_key(revision, key)
    return db.session.scalars(
        select(ThreadPosition.section_id).where(
            ThreadPosition.revision_id == revision.id, ThreadPosition.thread_id == threads[0].id
        )
    ).one_or_none()


def _next_number(policy: Policy) -> int:
    last = db.session.scalar(
        select(func.max(FeedbackItem.number)).where(FeedbackItem.policy_id == policy.id)
    )
    return (last or 0) + 1


def _join_threads(
    item: FeedbackItem,
    threads: Sequence[Thread],
    actor: Actor,
    now: datetime,
) -> None:
    db.session.add_all(FeedbackThread(item_id=item.id, thread_id=thread.id) for thread in threads)
    db.session.flush()
    record(
        Event(
            "feedback.gathered",
            actor.public_id,
            now,
            item.public_id,
            item.policy.public_id,
            {
                "number": item.number,
                "revision": item.revision.number,
                "section": item.section.key if item.section else None,
                "threads": [thread.public_id for thread in threads],
            },
            {"summary": item.summary},
            row=item,
        )
    )
