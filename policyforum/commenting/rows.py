"""Rows of a conversation held while they change, and what is written down about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from policyforum.audit.record import Event, record
from policyforum.commenting.models import Comment, Thread
from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.policies.models import Policy


def locked_thread(thread: Thread) -> Thread:
    return db.session.scalars(
        select(Thread)
        .where(Thread.id == thread.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def locked_comment(comment: Comment) -> Comment:
    return db.session.scalars(
        select(Comment)
        .where(Comment.id == comment.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def note(
    verb: str,
    row: Thread | Comment,
    subject: str,
    policy: Policy,
    actor: Actor,
    now: datetime,
    facts: Mapping[str, str | int | None],
    texts: Mapping[str, str] | None = None,
) -> None:
    record(
        Event(verb, actor.public_id, now, subject, policy.public_id, facts, texts or {}, row=row)
    )
