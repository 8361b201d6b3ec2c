"""Moderation: hiding a contribution with a reason, and showing it again. Replies always stay."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from policyforum.commenting.models import Comment, Thread
from policyforum.commenting.participation import count_comment
from policyforum.commenting.rows import locked_comment, locked_thread, note
from policyforum.organisation.actor import Actor
from policyforum.policies.holding import hold_policy
from policyforum.policies.models import Policy
from policyforum.policies.permissions import may_moderate
from policyforum.web.problems import Forbidden, Stale
from policyforum.web.texts import checked_text

LONGEST_REASON = 2_000


def hide_comment(comment: Comment, actor: Actor, reason: str, now: datetime) -> None:
    """Put a note with the reason in the place of the words. The words are kept.

    Raises `Forbidden` for whom it is not, `Stale` when it is hidden, `Invalid` for the reason.
    """
    reason = checked_text("reason", reason, LONGEST_REASON)
    policy, thread, comment = _held(comment, actor)
    if comment.hidden_at is not None:
        raise Stale(_("The contribution is hidden"), _("This contribution is already hidden."))
    comment.hidden_at, comment.hidden_reason = now, reason
    if comment.parent_id is None and thread.state != "withdrawn":
        thread.state = "hidden"
    if comment.withdrawn_at is None:
        count_comment(comment, -1)
    _note("comment.hidden", comment, policy, actor, reason, now)


def show_comment(comment: Comment, actor: Actor, reason: str, now: datetime) -> None:
    """Bring a hidden contribution back.

    Raises `Forbidden` for whom it is not, `Stale` when it is not hidden, `Invalid` for the reason.
    """
    reason = checked_text("reason", reason, LONGEST_REASON)
    policy, thread, comment = _held(comment, actor)
    if comment.hidden_at is None:
        raise Stale(_("The contribution is not hidden"), _("This contribution is not hidden."))
    comment.hidden_at, comment.hidden_reason = None, ""
    if comment.parent_id is None and thread.state == "hidden":
        thread.state = "open" if thread.settled_at is None else "answered"
    if comment.withdrawn_at is None:
        count_comment(comment, 1)
    _note("comment.shown", comment, policy, actor, reason, now)


def _held(comment: Comment, actor: Actor) -> tuple[Policy, Thread, Comment]:
    policy = hold_policy(comment.thread.policy_id)
    if not may_moderate(actor, policy):
        raise Forbidden(_("Only a moderator can do this."))
    return policy, locked_thread(comment.thread), locked_comment(comment)


def _note(
    verb: str, comment: Comment, policy: Policy, actor: Actor, reason: str, now: datetime
) -> None:
    facts = {"thread": comment.thread.public_id}
    note(verb, comment, comment.public_id, policy, actor, now, facts, {"reason": reason})
