"""Comments: reply, reword, take back."""

from __future__ import annotations

from flask_babel import gettext as _

from policyforum.api.calls import writes
from policyforum.api.presenters.threads import comment_shown, posted_shown
from policyforum.api.queries import comment_view
from policyforum.api.schemas.threads import Comment, CommentUpdate, NewComment
from policyforum.commenting import models
from policyforum.commenting.authorship import edit_comment, withdraw_comment
from policyforum.commenting.brief import CommentBrief, ThreadBrief
from policyforum.commenting.briefing import comment_in, opening_of, thread_in_brief
from policyforum.commenting.queries import comment_by_id, comment_to_withdraw
from policyforum.commenting.replying import ReadyReply, enter_reply, ready_reply
from policyforum.organisation.actor import Actor
from policyforum.organisation.current import current_actor
from policyforum.web.access import signed_in
from policyforum.web.clock import now
from policyforum.web.problems import Invalid, NotFound


def _ready(sent: NewComment, thread_id: str) -> ReadyReply:
    actor = current_actor()
    thread = thread_in_brief(thread_id, actor)
    parent = opening_of(thread.id) if sent.parent is None else _parent(thread, sent.parent, actor)
    return ready_reply(thread, parent, actor, sent.body, now())


@signed_in
@writes(NewComment, Comment, status=201, refusals=(403, 409), prepare=_ready)
def post_comment(ready: ReadyReply, thread_id: str) -> Comment:
    """Reply in a thread."""
    return posted_shown(enter_reply(ready, now()))


@signed_in
@writes(CommentUpdate, Comment, refusals=(403, 409))
def update_comment(sent: CommentUpdate, comment_id: str) -> Comment:
    """Reword one's own comment; what it said before is kept."""
    actor = current_actor()
    comment = comment_by_id(comment_id, actor)
    edit_comment(comment, actor, sent.body, now())
    return _shown(comment, actor)


@signed_in
@writes(None, Comment, refusals=(403, 409))
def delete_comment(comment_id: str) -> Comment:
    """Withdraw one's own comment; the thread and its replies stay."""
    actor = current_actor()
    comment = comment_to_withdraw(comment_id, actor)
    withdraw_comment(comment, actor, now())
    return _shown(comment, actor)


def _parent(thread: ThreadBrief, public_id: str, actor: Actor) -> CommentBrief:
    found = comment_in(thread.id, public_id)
    if found is not None:
        return found
    try:
        comment_by_id(public_id, actor)
    except NotFound:
        raise Invalid({"parent": [_("There is no such comment in this thread.")]}) from None
    raise Invalid({"parent": [_("This contribution belongs to another discussion.")]})


def _shown(comment: models.Comment, actor: Actor) -> Comment:
    return comment_shown(comment_view(comment, actor), comment.thread.public_id)
