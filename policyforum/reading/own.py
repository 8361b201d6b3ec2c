"""A person's own contributions: heard, considered, explained."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from policyforum.commenting.faces import ThreadView
from policyforum.commenting.own import OwnThread
from policyforum.consolidation.queries import ChangedWords, Settlement, settlement_of
from policyforum.reading.queries import considered_at
from policyforum.reading.titles import subject_of


@dataclass(frozen=True, slots=True)
class Course:
    """How far a contribution has come. None: not yet."""

    heard: datetime
    considered: datetime | None
    explained: datetime | None
    settlement: Settlement | None

    @property
    def changed(self) -> ChangedWords | None:
        """The first place in the text it changed."""
        changes = self.settlement.changes if self.settlement else ()
        return changes[0] if changes else None


@dataclass(frozen=True, slots=True)
class OwnContribution:
    """One of the reader's own threads on their page. `is_new`: its answer was not seen yet.

    `is_visible`: whether they may still see the policy; if not, nothing but the words is told.
    """

    thread: ThreadView
    policy: str
    is_visible: bool
    course: Course
    is_new: bool


def course_of(thread: ThreadView) -> Course:
    """How far one thread has come."""
    return _courses([thread])[0]


def own_contributions(
    threads: Sequence[OwnThread], unseen: Collection[str]
) -> list[OwnContribution]:
    """The reader's threads with how far they have come. A fixed number of queries.

    `unseen`: addresses of threads whose answer they have not opened (`queries.unread_answers`).
    """
    courses = _courses([own.thread for own in threads])
    return [
        OwnContribution(
            thread=own.thread,
            policy=subject_of(own.title),
            is_visible=own.is_visible,
            course=course,
            is_new=_is_new(own.thread, course, unseen),
        )
        for own, course in zip(threads, courses, strict=True)
    ]


def _courses(threads: Sequence[ThreadView]) -> list[Course]:
    ids = [thread.row_id for thread in threads]
    settled, considered = settlement_of(ids), considered_at(ids)
    courses: list[Course] = []
    for thread in threads:
        settlement = settled.get(thread.row_id)
        courses.append(
            Course(
                heard=thread.created_at,
                considered=considered.get(thread.row_id),
                explained=settlement.decided_at if settlement else None,
                settlement=settlement,
            )
        )
    return courses


def _is_new(thread: ThreadView, course: Course, unseen: Collection[str]) -> bool:
    return course.explained is not None and thread.path in unseen
