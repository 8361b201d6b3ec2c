"""Comments: reply, reword, take back."""

from __future__ import annotations

from flask_babel import gettext as _

from policyforum.api.calls import writes
from policyforum.api.presenters.threads import comment_shown
from policyforum.api.queries import comment_view
from policyforum.api.schemas.threads import Comment, CommentUpdate, NewComment
from policyforum.commenting import models
from policyforum.commenting.authorship import edit_comment, withdraw_comment
from policyforum.commenting.queries import comment_by_id, thread_by_id
from policyforum.commenting.services import reply
from policyforum.organisation.actor import Actor
from policyforum.organisation.identity import current_actor
from policyforum.web.access import signed_in
from policyforum.web.clock import now
from policyforum.web.problems import Invalid, NotFound


@signed_in
@writes(NewComment, Comment, status=201, refusals=(403, 409))
def post_comment(sent: NewComment, thread_id: str) -> Comment:
    """Reply in a thread."""
    actor = current_actor()
    thread = thread_by_id(thread_id, actor)
    parent = _parent(sent.parent, actor) if sent.parent is not None else None
    return _shown(reply(thread, actor, sent.body, parent, now()), actor)


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
    comment = comment_by_id(comment_id, actor)
    withdraw_comment(comment, actor, now())
    return _shown(comment, actor)


def _parent(public_id: str, actor: Actor) -> models.Comment:
    try:
        return comment_by_id(public_id, actor)
    except NotFound:
        raise Invalid({"parent": [_("There is no such comment in this thread.")]}) from None


def _shown(comment: models.Comment, actor: Actor) -> Comment:
    return comment_shown(comment_view(comment, actor), comment.thread.public_id)
