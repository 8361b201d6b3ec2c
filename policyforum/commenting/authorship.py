"""What people may do with their own words: reword them and take them back."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from policyforum.commenting.gates import checked_body, require_edit
from policyforum.commenting.ledger import count_everywhere, count_in_round, is_shown
from policyforum.commenting.models import Comment, CommentVersion, Thread
from policyforum.commenting.participation import count_comment
from policyforum.commenting.permissions import is_own, may_withdraw
from policyforum.commenting.rows import locked_comment, locked_thread, note
from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.policies.holding import hold_policy
from policyforum.policies.models import Round
from policyforum.policies.rounds import conclude_if_answered
from policyforum.text.markdown import to_html
from policyforum.web.problems import Forbidden


def edit_comment(comment: Comment, actor: Actor, body: str, now: datetime) -> None:
    """Reword one's own contribution. What it said before is kept, and that it changed is told.

    Raises `Forbidden` when it is another's, `Closed` when it is decided on or policy, thread or
    round is over, `Invalid` for the words.
    """
    body = checked_body(body)
    policy = hold_policy(comment.thread.policy_id)
    locked_thread(comment.thread)
    comment = locked_comment(comment)
    require_edit(policy, comment, actor, now)
    if body == comment.body:
        return
    db.session.add(
        CommentVersion(
            comment_id=comment.id,
            body=comment.body,
            html=comment.html,
            written_at=comment.edited_at or comment.created_at,
        )
    )
    comment.body, comment.html, comment.edited_at = body, to_html(body), now
    facts = {"thread": comment.thread.public_id}
    texts = {"body": body, "html": comment.html}
    note("comment.edited", comment, comment.public_id, policy, actor, now, facts, texts)


def withdraw_comment(comment: Comment, actor: Actor, now: datetime) -> None:
    """Take one's own contribution back. The thread and its replies stay; doing it twice is once.

    Raises `Forbidden` when it is another's.
    """
    policy = hold_policy(comment.thread.policy_id)
    thread = locked_thread(comment.thread)
    comment = locked_comment(comment)
    if comment.withdrawn_at is not None and is_own(actor, comment):
        return
    if not may_withdraw(actor, comment):
        raise Forbidden(_("Only its author can withdraw a contribution."))
    was_shown = is_shown(thread)
    comment.withdrawn_at = now
    thread.comment_count -= 1
    if comment.parent_id is None:
        _end_thread(thread, now)
    count_everywhere(thread.id, threads=int(is_shown(thread)) - int(was_shown), comments=-1)
    if comment.hidden_at is None:
        count_comment(comment, -1)
    facts = {"thread": thread.public_id}
    note("comment.withdrawn", comment, comment.public_id, policy, actor, now, facts)


def _end_thread(thread: Thread, now: datetime) -> None:
    """A thread whose author took it back waits for nothing any more."""
    thread.state = "withdrawn"
    if thread.settled_at is not None:
        return
    thread.settled_at = now
    if thread.round_id is not None:
        consultation = db.session.get_one(Round, thread.round_id)
        count_in_round(consultation.id, threads=0, waiting=-1)
        db.session.refresh(consultation)
        conclude_if_answered(consultation, now)
