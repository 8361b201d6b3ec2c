"""Who took part, in figures that name nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

# Of what it puts after an insert, SQLite understands the same words.
from sqlalchemy.dialects.postgresql import insert

from policyforum.commenting.models import BodyActivity, Comment, Voice
from policyforum.commenting.voices import Face
from policyforum.db.base import table_of
from policyforum.db.session import db


@dataclass(frozen=True, slots=True)
class Participation:
    """Contributions that were not withdrawn or hidden, given to one revision.

    `units`: threads by the id of each unit that spoke. `associations`: how many spoke. What a
    representative says counts for the association, not for the unit.
    """

    threads: int
    comments: int
    units: Mapping[int, int]
    associations: int


def participation(revision_id: int) -> Participation:
    """The figures of one revision, in one query."""
    spoke = db.session.execute(
        select(
            BodyActivity.association_id,
            BodyActivity.unit_id,
            BodyActivity.threads,
            BodyActivity.comments,
        ).where(BodyActivity.revision_id == revision_id, BodyActivity.comments > 0)
    ).all()
    return Participation(
        threads=sum(row.threads for row in spoke),
        comments=sum(row.comments for row in spoke),
        units={row.unit_id: row.threads for row in spoke if row.unit_id},
        associations=sum(row.association_id != 0 for row in spoke),
    )


def count_comment(comment: Comment, more: int) -> None:
    """Let a comment count (1), or no more (-1), and with it the thread that it opened."""
    threads = more if comment.parent_id is None else 0
    count_for_body(comment.thread.revision_id, comment.voice, threads=threads, comments=more)


def count_for_body(revision_id: int, by: Face | Voice, *, threads: int, comments: int) -> None:
    """Add to what counts for the association or the unit that somebody speaks for."""
    more = {
        "revision_id": revision_id,
        "association_id": by.association_id or 0,
        "unit_id": 0 if by.association_id else by.unit_id or 0,
        "threads": threads,
        "comments": comments,
    }
    db.session.connection().execute(_COUNT, more)


_bodies = table_of(BodyActivity)
_FIRST = insert(_bodies)
_COUNT = _FIRST.on_conflict_do_update(
    index_elements=_bodies.primary_key.columns.keys(),
    set_={
        "threads": _bodies.c.threads + _FIRST.excluded.threads,
        "comments": _bodies.c.comments + _FIRST.excluded.comments,
    },
)
