"""Reading what composed pages show: always a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, bindparam, func, select

from policyforum.audit.models import AuditHead
from policyforum.audit.record import HEAD_ID
from policyforum.commenting.models import BlockActivity
from policyforum.consolidation.models import FeedbackItem, FeedbackThread
from policyforum.db.asking import Question, so_many
from policyforum.db.session import db
from policyforum.drafting.models import DraftSave
from policyforum.notifications.models import Notification
from policyforum.notifications.topics import DISPOSED
from policyforum.organisation.actor import Actor
from policyforum.organisation.models import Agency
from policyforum.policies.models import Revision, RevisionBlock, RevisionSection, Section
from policyforum.policies.visibility import visible_to
from policyforum.reading.contents import Block

MOST_UNREAD = 100
"""From here on it is just many."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What lies around a page: whose site it is, how much lies unread, and how new all is.

    `newest`: the hash of the newest entry on record. `last_save`: of any draft (its row id).
    """

    agency: str = ""
    unread: int = 0
    newest: str = ""
    last_save: int = 0


def surroundings(actor: Actor) -> Surroundings:
    """In one query."""
    given = {"account_id": actor.account_id or 0}
    ((agency, unread, newest, last_save),) = _SURROUNDINGS.rows(given)
    return Surroundings(agency or "", unread, newest or "", last_save or 0)


def unread_of(actor: Actor) -> int:
    """How many lines of the actor's inbox they have not read. One query."""
    ((unread,),) = _UNREAD.rows({"account_id": actor.account_id or 0})
    return int(unread)


def unread_lines() -> Select[int]:
    """How many lines of the inbox the account with the parameter `account_id` has not read.

    Counted no further than is told: somebody away for long has thousands.
    """
    some = (
        # In the order of the index of what is unread, so that SQLite takes this one.
        select(Notification.path)
        .order_by(Notification.path)
        .where(
            Notification.account_id == bindparam("account_id", type_=Integer()),
            Notification.read_at.is_(None),
        )
        .limit(so_many(MOST_UNREAD))
        .subquery()
    )
    return select(func.count()).select_from(some)


def _surroundings() -> Select[*tuple[Any, ...]]:
    agency = select(Agency.name).order_by(Agency.id).limit(so_many(1))
    newest = select(AuditHead.hash).where(AuditHead.id == HEAD_ID)
    last_save = select(func.max(DraftSave.id))
    return select(*(part.scalar_subquery() for part in (agency, unread_lines(), newest, last_save)))


_SURROUNDINGS = Question(_surroundings())
_UNREAD = Question(unread_lines())


def page_blocks(revision_id: int) -> list[Block]:
    """The stored pieces of a revision in order. One query."""
    stored = RevisionBlock
    rows = db.session.execute(
        select(
            stored.position,
            RevisionSection.parent_position,
            Section.key,
            stored.kind,
            stored.number,
            stored.label,
            stored.heading,
            stored.html,
        )
        .join(Section, Section.id == stored.section_id)
        .join(
            RevisionSection,
            (RevisionSection.revision_id == stored.revision_id)
            & (RevisionSection.section_id == stored.section_id),
        )
        .where(stored.revision_id == revision_id)
        .order_by(stored.position)
    )
    return [Block(*row) for row in rows]


def source_of(revision: Revision) -> str:
    """A revision's words as they were published."""
    return db.session.execute(
        select(Revision.source).where(Revision.id == revision.id)
    ).scalar_one()


def considered_at(thread_ids: Sequence[int]) -> dict[int, datetime]:
    """When each thread was first gathered into a feedback item; those never are left out."""
    rows = db.session.execute(
        select(FeedbackThread.thread_id, func.min(FeedbackItem.created_at))
        .join(FeedbackItem, FeedbackItem.id == FeedbackThread.item_id)
        .where(FeedbackThread.thread_id.in_(thread_ids))
        .group_by(FeedbackThread.thread_id)
    )
    return dict(rows.all())


def unread_answers(actor: Actor) -> set[str]:
    """Addresses of the reader's threads whose answer they were told of and have not opened."""
    return set(
        db.session.scalars(
            select(Notification.path)
            .join(Notification.policy)
            .where(
                visible_to(actor),
                Notification.account_id == (actor.account_id or 0),
                Notification.topic == DISPOSED,
                Notification.read_at.is_(None),
            )
        )
    )


def comments_on(revision_id: int) -> int:
    """How many comments stand in a revision, wherever. One query."""
    counted = func.coalesce(func.sum(BlockActivity.comments), 0)
    return int(
        db.session.scalars(select(counted).where(BlockActivity.revision_id == revision_id)).one()
    )


def outcomes_of(thread_ids: Sequence[int]) -> dict[int, str]:
    """What was decided on each thread, the latest item's outcome; undecided ones left out."""
    rows = db.session.execute(
        select(FeedbackThread.thread_id, FeedbackItem.outcome)
        .join(FeedbackItem, FeedbackItem.id == FeedbackThread.item_id)
        .where(FeedbackThread.thread_id.in_(thread_ids), FeedbackItem.outcome.is_not(None))
        .order_by(FeedbackItem.id)
    )
    return {thread_id: outcome or "" for thread_id, outcome in rows}
