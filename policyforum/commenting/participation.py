"""Who took part, in figures that name nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from policyforum.commenting.models import Comment, Thread, Voice
from policyforum.db.session import db


@dataclass(frozen=True, slots=True)
class BodyCount:
    """What came from one unit or association: its id, its name, and how much."""

    id: int
    name: str
    threads: int
    comments: int
    voices: int


@dataclass(frozen=True, slots=True)
class Participation:
    """Contributions that were not withdrawn or hidden, given to one revision.

    `kinds`, `stances`: threads by the models' words. `units`: most comments first; what a
    representative says counts for the association, not for the unit.
    """

    threads: int
    comments: int
    voices: int
    kinds: Mapping[str, int]
    stances: Mapping[str, int]
    units: tuple[BodyCount, ...]
    associations: tuple[BodyCount, ...]


def participation(revision_id: int) -> Participation:
    """The figures of one revision, in two queries."""
    kinds: Counter[str] = Counter()
    stances: Counter[str] = Counter()
    threads = (
        select(Thread.kind, Thread.stance, func.count())
        .where(Thread.revision_id == revision_id, Thread.state.in_(("open", "answered")))
        .group_by(Thread.kind, Thread.stance)
    )
    for kind, stance, count in db.session.execute(threads):
        kinds[kind] += count
        stances[stance] += count
    units, associations, voices, comments = _bodies(revision_id)
    return Participation(
        threads=kinds.total(),
        comments=comments,
        voices=voices,
        kinds=kinds,
        stances=stances,
        units=units,
        associations=associations,
    )


def _bodies(
    revision_id: int,
) -> tuple[tuple[BodyCount, ...], tuple[BodyCount, ...], int, int]:
    """Units, associations, how many people spoke, how many comments there are."""
    opening = func.count().filter(
        Comment.parent_id.is_(None), Thread.state.in_(("open", "answered"))
    )
    rows = db.session.execute(
        select(
            func.coalesce(Voice.account_id, -Voice.id),
            Voice.unit_id,
            func.max(Voice.unit_name),
            Voice.association_id,
            func.max(Voice.association_name),
            opening,
            func.count(),
        )
        .select_from(Comment)
        .join(Thread, Thread.id == Comment.thread_id)
        .join(Voice, Voice.id == Comment.voice_id)
        .where(
            Thread.revision_id == revision_id,
            Comment.withdrawn_at.is_(None),
            Comment.hidden_at.is_(None),
        )
        .group_by(func.coalesce(Voice.account_id, -Voice.id), Voice.unit_id, Voice.association_id)
    )
    units, associations = _Bodies(), _Bodies()
    people: set[int] = set()
    total = 0
    for person, unit_id, unit, association_id, association, threads, comments in rows:
        people.add(person)
        total += comments
        if association_id is not None:
            associations.add(association_id, association, threads, comments, person)
        elif unit_id is not None:
            units.add(unit_id, unit, threads, comments, person)
    return units.counts(), associations.counts(), len(people), total


class _Bodies:
    def __init__(self) -> None:
        self._names: dict[int, str] = {}
        self._threads: Counter[int] = Counter()
        self._comments: Counter[int] = Counter()
        self._voices: dict[int, set[int]] = {}

    def add(self, body_id: int, name: str, threads: int, comments: int, person: int) -> None:
        self._names[body_id] = name
        self._threads[body_id] += threads
        self._comments[body_id] += comments
        self._voices.setdefault(body_id, set()).add(person)

    def counts(self) -> tuple[BodyCount, ...]:
        found = [
            BodyCount(
                body_id,
                name,
                self._threads[body_id],
                self._comments[body_id],
                len(self._voices[body_id]),
            )
            for body_id, name in self._names.items()
        ]
        return tuple(sorted(found, key=lambda body: (-body.comments, body.name)))
