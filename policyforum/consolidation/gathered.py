"""The contributions that feedback items answer, as rows: who said what, in which thread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import select

from policyforum.commenting.models import Comment, Thread, Voice
from policyforum.consolidation.models import FeedbackThread
from policyforum.db.session import db

STANDING = ("open", "answered")
"""States of threads whose words are to be seen."""


class Gathered(NamedTuple):
    """A contribution in an item, with the comment that opened its thread."""

    item_id: int
    thread: Thread
    voice: Voice
    opening: Comment

    @property
    def is_gone(self) -> bool:
        return self.opening.withdrawn_at is not None or self.opening.hidden_at is not None

    @property
    def words(self) -> str:
        """What was said, "" once it is withdrawn or hidden."""
        return "" if self.is_gone else self.opening.body

    @property
    def suggestion(self) -> str | None:
        """The wording proposed, while the thread's words are to be seen."""
        return self.thread.suggestion if self.thread.state in STANDING else None


def gathered_in(item_ids: Sequence[int]) -> Iterator[Gathered]:
    """What each of these items answers, oldest first. One query."""
    rows = db.session.execute(
        select(FeedbackThread.item_id, Thread, Voice, Comment)
        .join(Thread, Thread.id == FeedbackThread.thread_id)
        .join(Voice, Voice.id == Thread.voice_id)
        .join(Comment, (Comment.thread_id == Thread.id) & Comment.parent_id.is_(None))
        .where(FeedbackThread.item_id.in_(item_ids))
        .order_by(Thread.id)
    )
    return (Gathered(*row) for row in rows)
