"""Reading feedback items: by address, by number, by thread, with what was decided on them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from policyforum.consolidation.models import Answer, Disposition, FeedbackItem, FeedbackThread
from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.policies.models import Policy
from policyforum.policies.permissions import may_see
from policyforum.policies.queries import where_it_stands
from policyforum.web.problems import NotFound


def item_by_id(public_id: str, actor: Actor) -> FeedbackItem:
    """An item with its policy, or `NotFound`."""
    item = None
    if "\x00" not in public_id:
        item = db.session.scalars(
            select(FeedbackItem)
            .where(FeedbackItem.public_id == public_id)
            .options(
                joinedload(FeedbackItem.policy).options(*where_it_stands()),
                joinedload(FeedbackItem.revision),
                joinedload(FeedbackItem.section),
            )
        ).one_or_none()
    if item is None or not may_see(actor, item.policy):
        raise NotFound
    return item


def items_numbered(policy: Policy, numbers: Sequence[int]) -> Sequence[FeedbackItem]:
    """The policy's items with these numbers, in order."""
    return db.session.scalars(
        select(FeedbackItem)
        .where(FeedbackItem.policy_id == policy.id, FeedbackItem.number.in_(numbers))
        .order_by(FeedbackItem.number)
    ).all()


def item_of_thread(thread_id: int) -> FeedbackItem | None:
    """The newest item a thread is gathered in, if it is in one."""
    return db.session.scalars(
        select(FeedbackItem)
        .join(FeedbackThread, FeedbackThread.item_id == FeedbackItem.id)
        .where(FeedbackThread.thread_id == thread_id)
        .order_by(FeedbackItem.id.desc())
        .limit(1)
    ).one_or_none()


def dispositions_of(item: FeedbackItem) -> Sequence[Disposition]:
    """What was decided on an item, oldest first, each with who decided."""
    return db.session.scalars(
        select(Disposition)
        .where(Disposition.item_id == item.id)
        .order_by(Disposition.id)
        .options(joinedload(Disposition.decided_by))
    ).all()


def answer_to(item: FeedbackItem) -> Answer | None:
    """The answer that counts."""
    return db.session.scalars(
        select(Answer).where(Answer.item_id == item.id).order_by(Answer.id.desc()).limit(1)
    ).one_or_none()


def path_of(item: FeedbackItem) -> str:
    """The item's own page."""
    return f"/feedback/{item.public_id}"
