"""What is kept count of in conversations, against what there is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from sqlalchemy import case, func, or_, select

from policyforum.audit.witnesses import Amiss
from policyforum.commenting.models import BodyActivity, Comment, Endorsement, Thread, Voice
from policyforum.db.session import db
from policyforum.policies.models import Revision, Round


def miscounted() -> Iterable[Amiss]:
    return chain(_threads(), _rounds(), _bodies())


def _threads() -> Iterator[Amiss]:
    """Threads that count other than there is."""
    first = Comment.parent_id.is_(None)
    there = (
        select(
            Comment.thread_id,
            func.count().filter(Comment.withdrawn_at.is_(None)).label("comments"),
            func.count().filter(first, Comment.depth == 0).label("firsts"),
            func.min(Comment.voice_id).filter(first).label("voice_id"),
        )
        .group_by(Comment.thread_id)
        .subquery()
    )
    pressed = (
        select(
            Endorsement.thread_id,
            func.count().filter(Endorsement.stance == "support").label("support"),
            func.count().filter(Endorsement.stance == "oppose").label("oppose"),
        )
        .group_by(Endorsement.thread_id)
        .subquery()
    )
    checks = {
        "threads.comment_count": Thread.comment_count != func.coalesce(there.c.comments, 0),
        "comments.parent_id": func.coalesce(there.c.firsts, 0) != 1,
        "comments.voice_id": there.c.voice_id != Thread.voice_id,
        "threads.support_count": Thread.support_count != func.coalesce(pressed.c.support, 0),
        "threads.oppose_count": Thread.oppose_count != func.coalesce(pressed.c.oppose, 0),
    }
    which = case(*((wrong, what) for what, wrong in checks.items()))
    rows = db.session.execute(
        select(which, Thread.public_id)
        .outerjoin(there, there.c.thread_id == Thread.id)
        .outerjoin(pressed, pressed.c.thread_id == Thread.id)
        .where(or_(*checks.values()))
        .limit(1)
    )
    return ((what, thread) for what, thread in rows)


def _rounds() -> Iterator[Amiss]:
    """Rounds that count other threads than were opened in them."""
    counted = (
        select(
            Thread.round_id,
            func.count().label("threads"),
            func.count().filter(Thread.waits).label("waiting"),
        )
        .group_by(Thread.round_id)
        .subquery()
    )
    rounds = db.session.scalars(
        select(Round.public_id)
        .outerjoin(counted, counted.c.round_id == Round.id)
        .where(
            or_(
                Round.threads != func.coalesce(counted.c.threads, 0),
                Round.waiting != func.coalesce(counted.c.waiting, 0),
            )
        )
        .limit(1)
    )
    return (("rounds.threads", consultation) for consultation in rounds)


def _bodies() -> Iterator[Amiss]:
    """Revisions of which units and associations count other contributions than there are."""
    body, of_association = BodyActivity, Voice.association_id.is_not(None)
    kept = select(
        body.revision_id, body.association_id, body.unit_id, body.threads, body.comments
    ).where(or_(body.threads != 0, body.comments != 0))
    association = func.coalesce(Voice.association_id, 0).label("association")
    unit = case((of_association, 0), else_=func.coalesce(Voice.unit_id, 0)).label("unit")
    opening = Comment.parent_id.is_(None) & Thread.state.in_(("open", "answered"))
    there = (
        select(Thread.revision_id, association, unit, func.count().filter(opening), func.count())
        .select_from(Comment)
        .join(Thread, Thread.id == Comment.thread_id)
        .join(Voice, Voice.id == Comment.voice_id)
        .where(Comment.withdrawn_at.is_(None), Comment.hidden_at.is_(None))
        .group_by(Thread.revision_id, "association", "unit")
    )
    for one, other in ((kept, there), (there, kept)):
        unlike = one.except_(other).subquery()
        revisions = db.session.scalars(
            select(Revision.public_id)
            .join(unlike, unlike.columns[0] == Revision.id)
            .order_by(Revision.id)
            .limit(1)
        )
        yield from (("body_activity", revision) for revision in revisions)
