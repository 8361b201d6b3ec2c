"""Reading a conversation in brief: queries put together once."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from policyforum.commenting.brief import CommentBrief, ThreadBrief
from policyforum.commenting.models import Comment, Thread
from policyforum.db.asking import Question
from policyforum.db.base import table_of
from policyforum.organisation.actor import Actor
from policyforum.policies.briefing import brief_question, read_brief
from policyforum.policies.models import Policy


def thread_in_brief(public_id: str, actor: Actor) -> ThreadBrief:
    """The thread with this id, or `NotFound` if not for this actor."""
    policy, rest = read_brief(_THREAD, {"public_id": public_id}, actor)
    return ThreadBrief(policy, *rest)


def opening_of(thread_id: int) -> CommentBrief:
    """The comment that opened the thread."""
    (row,) = _OPENING.rows({"thread_id": thread_id})
    return CommentBrief(*row)


def comment_in(thread_id: int, public_id: str) -> CommentBrief | None:
    """The comment with this id, if the thread holds it."""
    row = None
    if "\x00" not in public_id:
        given = {"thread_id": thread_id, "public_id": public_id}
        row = _COMMENT.row(given)
    return CommentBrief(*row) if row else None


_threads, _comments = table_of(Thread), table_of(Comment)
_THREAD = brief_question(
    _threads.c.id,
    _threads.c.public_id,
    _threads.c.number,
    _threads.c.state,
    _threads.c.revision_id,
    _threads.c.voice_id,
    among=_threads.join(table_of(Policy)),
    which=_threads.c.public_id == bindparam("public_id"),
)
_IN_THREAD = select(
    _comments.c.id, _comments.c.public_id, _comments.c.depth, _comments.c.voice_id
).where(_comments.c.thread_id == bindparam("thread_id"))
# The oldest of all: found first, however long the thread.
_OPENING = Question(
    _IN_THREAD.where(_comments.c.parent_id.is_(None)).order_by(_comments.c.id).limit(1)
)
_COMMENT = Question(_IN_THREAD.where(_comments.c.public_id == bindparam("public_id")))
