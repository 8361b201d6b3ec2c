"""What a person said where they may no longer look."""

from __future__ import annotations

from sqlalchemy import select

from policyforum.commenting.models import Comment, Thread, Voice
from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.policies.models import Policy
from policyforum.policies.visibility import visible_to
from policyforum.web.paging import PAGE, Page, decode_cursor, page_of


def replies_out_of_sight(actor: Actor, cursor: str = "", limit: int = PAGE) -> Page[Comment]:
    """Replies of one's own in policies one may no longer see, newest first, until withdrawn."""
    in_sight = select(Policy.id).where(visible_to(actor))
    query = (
        select(Comment)
        .join(Voice, Voice.id == Comment.voice_id)
        .join(Thread, Thread.id == Comment.thread_id)
        .where(
            Voice.account_id == (actor.account_id or 0),
            Comment.parent_id.is_not(None),
            Comment.withdrawn_at.is_(None),
            Thread.policy_id.not_in(in_sight),
        )
        .order_by(Comment.id.desc())
        .limit(limit + 1)
    )
    before = decode_cursor(cursor, (int,))
    if before is not None:
        query = query.where(Comment.id < before[0])
    return page_of(db.session.scalars(query).all(), limit, lambda comment: [comment.id])
