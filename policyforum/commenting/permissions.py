"""Who may do what with contributions: pure predicates over an actor and rows already loaded."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from policyforum.commenting.models import Comment
from policyforum.organisation.actor import Actor
from policyforum.policies.permissions import (
    COMMENTING_ROLES,
    Consultation,
    Subject,
    may_comment,
    may_draft,
)

ENDED = ("withdrawn", "hidden")


class Conversation(Protocol):
    """A thread, as a row or in brief."""

    @property
    def state(self) -> str: ...
    @property
    def revision_id(self) -> int: ...


def may_ever_comment(actor: Actor, policy: Subject) -> bool:
    """Whether the actor takes part in consultations at all; who only reads is told so."""
    return actor.has_role(*COMMENTING_ROLES) or may_draft(actor, policy)


def may_reply(
    actor: Actor,
    policy: Subject,
    thread: Conversation,
    consultation: Consultation | None,
    now: datetime,
) -> bool:
    """Answer in a thread, or endorse it: while its revision is consulted on; drafters any time."""
    if thread.state in ENDED:
        return False
    if may_draft(actor, policy):
        return True
    return thread.revision_id == policy.current_revision_id and may_comment(
        actor, policy, consultation, now
    )


def is_own(actor: Actor, comment: Comment) -> bool:
    """Whether the actor wrote it."""
    return actor.account_id is not None and comment.voice.account_id == actor.account_id


def may_edit(
    actor: Actor,
    policy: Subject,
    comment: Comment,
    consultation: Consultation | None,
    now: datetime,
) -> bool:
    """Reword one's own contribution, as long as one could still reply there."""
    standing = comment.withdrawn_at is None and comment.hidden_at is None
    return (
        standing
        and is_own(actor, comment)
        and may_reply(actor, policy, comment.thread, consultation, now)
    )


def may_withdraw(actor: Actor, comment: Comment) -> bool:
    """Take one's own contribution back, at any time."""
    return comment.withdrawn_at is None and is_own(actor, comment)
