"""What is kept count of, against what there is."""

from __future__ import annotations

from sqlalchemy import Select, case, func, or_, select

from policyforum.commenting.models import BodyActivity, Comment, Thread, ThreadPosition, Voice
from policyforum.db.session import db


def miscounted() -> int:
    """How many threads, places of threads, units and associations count other than there is."""
    threads, places = (len(db.session.execute(wrong).all()) for wrong in (_threads(), _places()))
    kept, there = (set(db.session.execute(query).all()) for query in (_kept(), _there()))
    return threads + places + len(kept ^ there)


def _threads() -> Select[int]:
    there = func.count().filter(Comment.withdrawn_at.is_(None))
    return (
        select(Thread.id)
        .join(Comment, Comment.thread_id == Thread.id)
        .group_by(Thread.id, Thread.comment_count)
        .having(Thread.comment_count != there)
    )


def _places() -> Select[int, int]:
    place = ThreadPosition
    lively = Thread.comment_count + Thread.support_count + Thread.oppose_count
    is_here = place.revision_id == Thread.revision_id
    return (
        select(place.thread_id, place.revision_id)
        .join(Thread, Thread.id == place.thread_id)
        .where(or_(place.liveliness != lively, place.written_here != is_here))
    )


def _kept() -> Select[int, int, int, int, int]:
    body = BodyActivity
    return select(
        body.revision_id, body.association_id, body.unit_id, body.threads, body.comments
    ).where(or_(body.threads != 0, body.comments != 0))


def _there() -> Select[int, int, int, int, int]:
    association = func.coalesce(Voice.association_id, 0).label("association")
    of_unit = Voice.association_id.is_(None), func.coalesce(Voice.unit_id, 0)
    unit = case(of_unit, else_=0).label("unit")
    opening = Comment.parent_id.is_(None) & Thread.state.in_(("open", "answered"))
    return (
        select(Thread.revision_id, association, unit, func.count().filter(opening), func.count())
        .select_from(Comment)
        .join(Thread, Thread.id == Comment.thread_id)
        .join(Voice, Voice.id == Comment.voice_id)
        .where(Comment.withdrawn_at.is_(None), Comment.hidden_at.is_(None))
        .group_by(Thread.revision_id, "association", "unit")
    )
