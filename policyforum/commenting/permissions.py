"""Who may do what with contributions: pure predicates over an actor and rows already loaded."""

from __future__ import annotations

from datetime import datetime

from policyforum.commenting.brief import AnyThread
from policyforum.commenting.faces import Rights
from policyforum.commenting.models import Comment
from policyforum.organisation.actor import Actor
from policyforum.policies.brief import AnyPolicy, AnyRound
from policyforum.policies.permissions import (
    COMMENTING_ROLES,
    may_comment,
    may_draft,
    may_inspect,
    may_moderate,
)

ENDED = ("withdrawn", "hidden")


def may_ever_comment(actor: Actor, policy: AnyPolicy) -> bool:
    """Whether the actor takes part in consultations at all; who only reads is told so."""
    return actor.has_role(*COMMENTING_ROLES) or may_draft(actor, policy)


def may_reply(
    actor: Actor,
    policy: AnyPolicy,
    thread: AnyThread,
    consultation: AnyRound | None,
    now: datetime,
) -> bool:
    """Answer in a thread, or endorse it: while its revision is consulted on; drafters any time."""
    if thread.state in ENDED or policy.withdrawn_at is not None:
        return False
    if may_draft(actor, policy):
        return True
    return thread.revision_id == policy.current_revision_id and may_comment(
        actor, policy, consultation, now
    )


def is_own(actor: Actor, comment: Comment) -> bool:
    """Whether the actor wrote it."""
    return actor.account_id is not None and comment.voice.account_id == actor.account_id


def is_decided(comment: Comment) -> bool:
    """Whether it opened a thread that was decided on: the answer is to these very words."""
    return comment.parent_id is None and comment.thread.settled_at is not None


def may_edit(
    actor: Actor,
    policy: AnyPolicy,
    comment: Comment,
    consultation: AnyRound | None,
    now: datetime,
) -> bool:
    """Reword one's own contribution, as long as one could still reply there."""
    standing = comment.withdrawn_at is None and comment.hidden_at is None
    return (
        standing
        and not is_decided(comment)
        and is_own(actor, comment)
        and may_reply(actor, policy, comment.thread, consultation, now)
    )


def may_withdraw(actor: Actor, comment: Comment) -> bool:
    """Take one's own contribution back, at any time."""
    return comment.withdrawn_at is None and is_own(actor, comment)


def may_know_who(actor: Actor, policy: AnyPolicy, verb: str) -> bool:
    """Whether they are told who did what an entry of the record tells of.

    Contributing is done under one's name; agreeing and objecting by a press is counted.
    """
    return verb != "thread.endorsed" or may_inspect(actor, policy)


def rights_on(policy: AnyPolicy, revision: int | None, actor: Actor, now: datetime) -> Rights:
    """What the reader may do on a page that shows this revision (its number)."""
    current = policy.current_revision
    is_current = current is not None and current.number == revision
    always = may_draft(actor, policy) and policy.withdrawn_at is None
    return Rights(
        revision=revision,
        may_speak=is_current
        and policy.withdrawn_at is None
        and may_comment(actor, policy, policy.current_round, now),
        always=always,
        may_moderate=may_moderate(actor, policy),
        may_place=always,
    )
