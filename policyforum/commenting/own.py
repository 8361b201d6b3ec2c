"""What a person said themselves, wherever it was."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from policyforum.commenting.faces import ThreadView
from policyforum.commenting.filters import at_latest_position
from policyforum.commenting.models import Comment, Thread, Voice
from policyforum.commenting.queries import REPLIES_BESIDE
from policyforum.commenting.shown import read_rows, standing_threads, thread_views
from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.policies.models import Policy, Revision
from policyforum.policies.permissions import may_see
from policyforum.policies.visibility import visible_to
from policyforum.web.paging import PAGE, Page, decode_cursor, page_of


@dataclass(frozen=True, slots=True)
class OwnThread:
    """One of the reader's own threads, where it stands now, and the policy it is about.

    `is_visible`: whether they may still see that policy; if not, the words alone are theirs.
    """

    thread: ThreadView
    title: str
    is_visible: bool


def my_threads(actor: Actor, cursor: str = "", limit: int = PAGE) -> Page[OwnThread]:
    """The reader's own threads, newest first, each as it stands in the latest revision."""
    # Asked for by themselves: in one query PostgreSQL places every thread there is first.
    own = (
        select(Thread.id)
        .join(Voice, Voice.id == Thread.voice_id)
        .where(Voice.account_id == (actor.account_id or 0))
        .order_by(Thread.id.desc())
        .limit(limit + 1)
    )
    before = decode_cursor(cursor, (int,))
    if before is not None:
        own = own.where(Thread.id < before[0])
    query = (
        standing_threads(actor, at_latest_position())
        .join(Thread.policy)
        .options(contains_eager(Thread.policy).joinedload(Policy.unit))
        .where(Thread.id.in_(db.session.scalars(own).all()))
        .order_by(Thread.id.desc())
    )
    page = page_of(read_rows(query), limit, lambda row: [row.thread.id])
    policies = {row.thread.policy_id: row.thread.policy for row in page.items}
    views = thread_views(page.items, policies, actor, REPLIES_BESIDE)
    own_threads = [
        OwnThread(view, row.thread.policy.title, may_see(actor, row.thread.policy))
        for view, row in zip(views, page.items, strict=True)
    ]
    return Page(own_threads, page.next)


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


def newest_spoken_on(policy: Policy, actor: Actor, before: int) -> int | None:
    """The number of the newest revision, earlier than `before`, this person opened a thread on."""
    return db.session.scalars(
        select(func.max(Revision.number))
        .join(Thread, Thread.revision_id == Revision.id)
        .join(Voice, Voice.id == Thread.voice_id)
        .where(
            Revision.policy_id == policy.id,
            Revision.number < before,
            Voice.account_id == (actor.account_id or 0),
        )
    ).one()
