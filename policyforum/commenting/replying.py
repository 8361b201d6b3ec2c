"""Answering in a thread, in two steps as `opening`: got ready, then entered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, insert, update

from policyforum.audit.record import Event, record
from policyforum.commenting.brief import CommentBrief, ThreadBrief
from policyforum.commenting.gates import checked_body, require_reply
from policyforum.commenting.ledger import count_everywhere
from policyforum.commenting.models import Comment, Thread
from policyforum.commenting.participation import count_for_body
from policyforum.commenting.voices import VoiceRef, face_of, known_voice, voice_of
from policyforum.db.base import random_id, table_of
from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.policies.holding import held_brief
from policyforum.text.markdown import to_html


@dataclass(frozen=True, slots=True)
class ReadyReply:
    """An answer that was checked and rendered, and is not there yet.

    `voice` None: the actor never spoke before.
    """

    thread: ThreadBrief
    parent: CommentBrief
    actor: Actor
    body: str
    html: str
    voice: VoiceRef | None


@dataclass(frozen=True, slots=True)
class PostedReply:
    """What became of it."""

    ready: ReadyReply
    voice: VoiceRef
    id: int
    public_id: str
    at: datetime


def ready_reply(
    thread: ThreadBrief, parent: CommentBrief, actor: Actor, body: str, now: datetime
) -> ReadyReply:
    """Check an answer to a comment of the thread.

    Raises `Closed` when policy, thread or round is over, `Forbidden` for whom it is not meant,
    `Invalid` for the words.
    """
    body = checked_body(body)
    require_reply(thread.policy, thread, actor, now)
    return ReadyReply(thread, parent, actor, body, to_html(body), known_voice(actor, thread.policy))


def enter_reply(ready: ReadyReply, now: datetime) -> PostedReply:
    """Post the answer, unless policy, thread or round ended meanwhile: raises `Closed`."""
    connection = db.session.connection()
    policy = held_brief(ready.thread.policy.id)
    counted = {"thread_id": ready.thread.id, "now": now}
    state = connection.execute(_COUNT, counted).scalar_one()
    require_reply(policy, replace(ready.thread, state=state), ready.actor, now)
    public_id = random_id()
    voice = ready.voice or voice_of(ready.actor, ready.thread.policy, now)
    comment = {
        "public_id": public_id,
        "thread_id": ready.thread.id,
        "parent_id": ready.parent.id,
        "voice_id": voice.id,
        "body": ready.body,
        "html": ready.html,
        "depth": ready.parent.depth + 1,
        "created_at": now,
    }
    comment_id = connection.execute(_ADD, comment).scalar_one()
    count_everywhere(ready.thread.id, comments=1)
    count_for_body(
        ready.thread.revision_id, face_of(ready.actor, ready.thread.policy), threads=0, comments=1
    )
    posted = PostedReply(ready, voice, comment_id, public_id, now)
    _note(posted)
    return posted


def _note(posted: PostedReply) -> None:
    ready = posted.ready
    record(
        Event(
            "comment.posted",
            ready.actor.public_id,
            posted.at,
            posted.public_id,
            ready.thread.policy.public_id,
            {
                "thread": ready.thread.public_id,
                "parent": ready.parent.public_id,
                "voice": posted.voice.public_id,
            },
            {"body": ready.body, "html": ready.html},
            row=posted,
        )
    )


_threads = table_of(Thread)
_COUNT = (
    update(_threads)
    .where(_threads.c.id == bindparam("thread_id"))
    .values(comment_count=_threads.c.comment_count + 1, active_at=bindparam("now"))
    .returning(_threads.c.state)
)
_ADD = insert(table_of(Comment)).returning(table_of(Comment).c.id)
