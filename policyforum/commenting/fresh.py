"""What was written just now, as its author sees it: nothing is read again."""

from __future__ import annotations

from datetime import datetime

from policyforum.commenting.faces import AuthorView, CommentView
from policyforum.commenting.opening import OpenedThread, ReadyThread
from policyforum.commenting.replying import PostedReply, ReadyReply
from policyforum.commenting.voices import face_of
from policyforum.policies.brief import PolicyBrief
from policyforum.policies.permissions import may_draft


def opening_view(opened: OpenedThread) -> CommentView:
    """The comment that opens a thread."""
    ready = opened.ready
    return _view(opened.comment_id, None, 0, ready, ready.policy, opened.at)


def reply_view(posted: PostedReply) -> CommentView:
    """A reply."""
    ready = posted.ready
    parent, policy = ready.parent, ready.thread.policy
    return _view(posted.public_id, parent.public_id, parent.depth + 1, ready, policy, posted.at)


def _view(
    public_id: str,
    parent: str | None,
    depth: int,
    ready: ReadyThread | ReadyReply,
    policy: PolicyBrief,
    at: datetime,
) -> CommentView:
    face = face_of(ready.actor, policy)
    return CommentView(
        id=public_id,
        parent=parent,
        author=AuthorView(
            name=face.name,
            unit=face.unit_name,
            association=face.association_name,
            kind=face.kind,
            is_drafter=may_draft(ready.actor, policy),
            is_me=True,
        ),
        body=ready.body,
        html=ready.html,
        depth=depth,
        replying_to="",
        created_at=at,
        edited_at=None,
        withdrawn_at=None,
        hidden_at=None,
        hidden_reason="",
    )
