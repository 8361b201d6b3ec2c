"""Reading contributions, in bulk and through what the actor may see.

Every list costs a fixed number of queries, however many threads and comments it holds.
"""

from __future__ import annotations

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload

from policyforum.commenting.faces import PlacementView, ThreadView
from policyforum.commenting.filters import (
    ThreadFilter,
    at_latest_position,
    conditions,
    needs_a_person,
)
from policyforum.commenting.ledger import DOCUMENT
from policyforum.commenting.liveliest import liveliest
from policyforum.commenting.models import (
    BlockActivity,
    Comment,
    CommentVersion,
    Placement,
    Thread,
    ThreadPosition,
)
from policyforum.commenting.permissions import is_own
from policyforum.commenting.shown import read_rows, standing_threads, thread_views
from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.policies.models import Policy, Revision, RevisionSection, Section
from policyforum.policies.permissions import may_see
from policyforum.policies.queries import where_it_stands
from policyforum.web.paging import PAGE, Page, decode_cursor, encode_cursor, page_of
from policyforum.web.problems import Invalid, NotFound

REPLIES_BESIDE = 2


def threads_beside_blocks(
    policy: Policy, revision: Revision, actor: Actor, per_block: int = 2, first: str = ""
) -> dict[int, list[ThreadView]]:
    """The liveliest threads of each block, the first with replies, by block position.

    `first`: the id of a thread that comes before all others, such as one just written.

    Under `ledger.DOCUMENT` (-1): those about the whole document. What has no place is in
    `threads_page(…, ThreadFilter(placement="unplaced"))`. Five queries.
    """
    chosen = liveliest(revision.id, per_block, first.replace("\x00", ""))
    standing = standing_threads(actor, ThreadPosition.revision_id == revision.id)
    rows = {row.thread.id: row for row in read_rows(standing.where(Thread.id.in_(chosen)))}
    ordered = [rows[thread_id] for thread_id in chosen]
    beside: dict[int, list[ThreadView]] = {}
    for view in thread_views(ordered, {policy.id: policy}, actor, REPLIES_BESIDE):
        at = DOCUMENT if view.block_position is None else view.block_position
        shown = beside.setdefault(at, [])
        if len(shown) < per_block:
            shown.append(view.opening_alone() if shown else view)
    return beside


def activity(revision_id: int) -> dict[int, tuple[int, int]]:
    """How many threads and comments stand beside each block, by block position (-1: none)."""
    rows = db.session.execute(
        select(BlockActivity.block_position, BlockActivity.threads, BlockActivity.comments).where(
            BlockActivity.revision_id == revision_id
        )
    )
    return {position: (threads, comments) for position, threads, comments in rows}


def threads_page(
    policy: Policy,
    revision: Revision,
    actor: Actor,
    wanted: ThreadFilter,
    cursor: str = "",
    limit: int = PAGE,
    *,
    newest_first: bool = False,
    most_replies: int | None = REPLIES_BESIDE,
) -> Page[ThreadView]:
    """Threads as they stand in a revision, in the order they were opened.

    `most_replies`: how many replies each thread comes with; None: all.
    """
    query = standing_threads(actor, ThreadPosition.revision_id == revision.id)
    for condition in conditions(revision.id, actor, wanted):
        query = query.where(condition)
    after = decode_cursor(cursor, (int,))
    if after is not None:
        query = query.where(Thread.id < after[0] if newest_first else Thread.id > after[0])
    query = query.order_by(Thread.id.desc() if newest_first else Thread.id).limit(limit + 1)
    page = page_of(read_rows(query), limit, lambda row: [row.thread.id])
    views = thread_views(page.items, {policy.id: policy}, actor, most_replies)
    return Page(views, page.next)


def can_go_on_at(revision_id: int, cursor: str) -> bool:
    """Whether a list of the threads of this revision can have given out this cursor.

    Any number makes one that is understood.
    """
    try:
        after = decode_cursor(cursor, (int,))
    except Invalid:
        return False
    if after is None:
        return True
    place = exists().where(
        ThreadPosition.thread_id == after[0], ThreadPosition.revision_id == revision_id
    )
    return encode_cursor(list(after)) == cursor and bool(db.session.scalar(select(place)))


def waiting_for_a_place(revision_id: int) -> int:
    """How many threads of a revision wait for a person to say where they stand."""
    return db.session.scalars(
        select(func.count())
        .select_from(ThreadPosition)
        .join(Thread, Thread.id == ThreadPosition.thread_id)
        .join(Placement, Placement.id == ThreadPosition.placement_id)
        .where(ThreadPosition.revision_id == revision_id, needs_a_person())
    ).one()


def placement_queue(
    policy: Policy, revision: Revision, actor: Actor, cursor: str = ""
) -> Page[ThreadView]:
    """Threads the program found no sure place for, and no person yet."""
    query = (
        standing_threads(actor, ThreadPosition.revision_id == revision.id)
        .where(needs_a_person())
        .order_by(Thread.id)
        .limit(PAGE + 1)
    )
    after = decode_cursor(cursor, (int,))
    if after is not None:
        query = query.where(Thread.id > after[0])
    page = page_of(read_rows(query), PAGE, lambda row: [row.thread.id])
    return Page(thread_views(page.items, {policy.id: policy}, actor, 0), page.next)


def thread_by_id(public_id: str, actor: Actor) -> Thread:
    """A thread with its policy, or `NotFound` if not for this actor."""
    thread = None
    if "\x00" not in public_id:
        thread = db.session.scalars(
            select(Thread)
            .where(Thread.public_id == public_id)
            .options(
                joinedload(Thread.policy).options(*where_it_stands()),
                joinedload(Thread.revision),
                joinedload(Thread.voice),
            )
        ).one_or_none()
    if thread is None or not may_see(actor, thread.policy):
        raise NotFound
    return thread


def thread_view(thread: Thread, actor: Actor, most_replies: int | None = None) -> ThreadView:
    """A thread with its comments (all, or so many), as it stands in the latest revision."""
    query = standing_threads(actor, at_latest_position()).where(Thread.id == thread.id)
    policies = {thread.policy_id: thread.policy}
    return thread_views(read_rows(query), policies, actor, most_replies)[0]


def root_of(thread: Thread) -> Comment:
    """The comment that opened a thread, with its voice."""
    return db.session.scalars(
        select(Comment)
        .where(Comment.thread_id == thread.id, Comment.parent_id.is_(None))
        .order_by(Comment.id)
        .limit(1)
        .options(joinedload(Comment.voice))
    ).one()


def comment_by_id(public_id: str, actor: Actor) -> Comment:
    """A comment with its thread and policy, or `NotFound` if not for this actor."""
    comment = _comment(public_id)
    if comment is None or not may_see(actor, comment.thread.policy):
        raise NotFound
    return comment


def comment_to_withdraw(public_id: str, actor: Actor) -> Comment:
    """The same; one's own also when one may no longer see the policy."""
    comment = _comment(public_id)
    if comment is None or not (is_own(actor, comment) or may_see(actor, comment.thread.policy)):
        raise NotFound
    return comment


def _comment(public_id: str) -> Comment | None:
    if "\x00" in public_id:
        return None
    return db.session.scalars(
        select(Comment)
        .where(Comment.public_id == public_id)
        .options(
            joinedload(Comment.voice),
            joinedload(Comment.thread).joinedload(Thread.policy).options(*where_it_stands()),
        )
    ).one_or_none()


def versions_of(comment: Comment) -> list[CommentVersion]:
    """A comment's earlier words, oldest first."""
    return list(
        db.session.scalars(
            select(CommentVersion)
            .where(CommentVersion.comment_id == comment.id)
            .order_by(CommentVersion.id)
        )
    )


def placements_of(thread: Thread) -> list[PlacementView]:
    """The thread's ledger, oldest first."""
    rows = db.session.execute(
        select(Placement, Revision.number, Section.key, RevisionSection.label)
        .join(Revision, Revision.id == Placement.revision_id)
        .outerjoin(Section, Section.id == Placement.section_id)
        .outerjoin(
            RevisionSection,
            (RevisionSection.revision_id == Placement.revision_id)
            & (RevisionSection.section_id == Placement.section_id),
        )
        .where(Placement.thread_id == thread.id)
        .order_by(Placement.id)
        .options(joinedload(Placement.placed_by))
    )
    return [
        PlacementView(
            revision=number,
            section_key=key,
            section_label=label or "",
            start=placement.start,
            end=placement.end,
            state=placement.state,
            score=placement.score,
            cause=placement.cause,
            placed_by=placement.placed_by.name if placement.placed_by else "",
            placed_at=placement.placed_at,
        )
        for placement, number, key, label in rows
    ]
