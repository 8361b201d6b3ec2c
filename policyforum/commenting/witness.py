"""What the tables of conversations hold now for entries of the audit record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import and_, literal, or_, select

from policyforum.audit.chain import Entry
from policyforum.audit.witnesses import Told, Witness, Witnesses
from policyforum.commenting.models import Comment, CommentVersion, Thread
from policyforum.db.session import db
from policyforum.policies.models import Revision, Section

Wordings = dict[tuple[str, datetime], list[str]]
"""What somebody wrote, by what it is about (a public id) and when it was written."""


def _of_threads(entries: Sequence[Entry]) -> Iterator[Told]:
    subjects = {entry.subject for entry in entries}
    rows = {
        row.public_id: row
        for row in db.session.execute(
            select(Thread.public_id, Thread.number, Thread.suggestion, Revision.number, Section.key)
            .join(Revision, Revision.id == Thread.revision_id)
            .outerjoin(Section, Section.id == Thread.section_id)
            .where(Thread.public_id.in_(subjects))
        )
    }
    bodies = _wordings(subjects, of_threads=True)
    for entry in entries:
        if (row := rows.get(entry.subject)) is not None:
            _public_id, number, suggestion, revision, section = row
            yield entry.seq, "number", number
            yield entry.seq, "revision", revision
            yield entry.seq, "section", section
            if suggestion is not None:
                yield entry.seq, "suggestion", suggestion
        for body in bodies[entry.subject, entry.at]:
            yield entry.seq, "body", body


def _of_comments(entries: Sequence[Entry]) -> Iterator[Told]:
    subjects = {entry.subject for entry in entries}
    threads: dict[str, str] = dict(
        db.session.execute(
            select(Comment.public_id, Thread.public_id)
            .join(Thread, Thread.id == Comment.thread_id)
            .where(Comment.public_id.in_(subjects))
        ).all()
    )
    bodies = _wordings(subjects)
    for entry in entries:
        if entry.subject in threads:
            yield entry.seq, "thread", threads[entry.subject]
        for body in bodies[entry.subject, entry.at]:
            yield entry.seq, "body", body


def _wordings(subjects: set[str], *, of_threads: bool = False) -> Wordings:
    """Every wording of these comments, or of the first comments of these threads."""
    named = Thread.public_id if of_threads else Comment.public_id
    which = and_(named.in_(subjects), or_(Comment.parent_id.is_(None), literal(not of_threads)))
    current = (
        select(named, Comment.edited_at, Comment.created_at, Comment.body)
        .join(Thread, Thread.id == Comment.thread_id)
        .where(which)
    )
    earlier = (
        select(named, CommentVersion.written_at, CommentVersion.body)
        .join(Comment, Comment.id == CommentVersion.comment_id)
        .join(Thread, Thread.id == Comment.thread_id)
        .where(which)
    )
    found: Wordings = defaultdict(list)
    for public_id, edited_at, created_at, body in db.session.execute(current):
        found[public_id, edited_at or created_at].append(body)
    for public_id, written_at, body in db.session.execute(earlier):
        found[public_id, written_at].append(body)
    return found


def _of_hiding(entries: Sequence[Entry]) -> Iterator[Told]:
    reasons: dict[str, str] = dict(
        db.session.execute(
            select(Comment.public_id, Comment.hidden_reason).where(
                Comment.public_id.in_({entry.subject for entry in entries}),
                Comment.hidden_at.is_not(None),
            )
        ).all()
    )
    for entry in entries:
        if entry.subject in reasons:
            yield entry.seq, "reason", reasons[entry.subject]


WITNESSES: Witnesses = {
    "thread.opened": Witness(("number", "revision", "section", "body", "suggestion"), _of_threads),
    "comment.posted": Witness(("thread", "body"), _of_comments),
    "comment.edited": Witness(("thread", "body"), _of_comments),
    "comment.hidden": Witness(
        ("reason",), _of_hiding, replaced_by=("comment.hidden", "comment.shown")
    ),
}
