"""What the table of comments holds now for entries of the audit record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import and_, case, or_, select
from sqlalchemy.orm import aliased

from policyforum.accounts.models import Account
from policyforum.audit.chain import Entry
from policyforum.audit.witnesses import Amiss, Told, untold
from policyforum.commenting.models import Comment, CommentVersion, Thread, Voice
from policyforum.db.session import db
from policyforum.policies.models import Policy

Wordings = dict[tuple[int, datetime], list[tuple[str, str]]]
"""What somebody wrote and its HTML, by the comment's row and when it was written."""

WRITTEN = ("thread.opened", "comment.posted", "comment.edited")


def of_comments(entries: Sequence[Entry]) -> Iterator[Told]:
    subjects = {entry.subject for entry in entries}
    parent = aliased(Comment)
    rows = {
        row.comment: row
        for row in db.session.execute(
            select(
                Comment.id,
                Comment.public_id.label("comment"),
                Comment.created_at.label("written_at"),
                Comment.edited_at,
                Comment.body,
                Comment.html,
                Comment.depth,
                Thread.public_id.label("thread"),
                Policy.public_id.label("policy"),
                Voice.public_id.label("voice"),
                Account.public_id.label("account"),
                parent.public_id.label("parent"),
                parent.depth.label("parent_depth"),
            )
            .join(Thread, Thread.id == Comment.thread_id)
            .join(Policy, Policy.id == Thread.policy_id)
            .join(Voice, Voice.id == Comment.voice_id)
            .outerjoin(Account, Account.id == Voice.account_id)
            .outerjoin(parent, parent.id == Comment.parent_id)
            .where(Comment.public_id.in_(subjects))
        )
    }
    earlier = earlier_wordings(rows.values())
    for entry in entries:
        if (row := rows.get(entry.subject)) is not None:
            yield entry.seq, "actor", row.account or ""
            yield entry.seq, "policy", row.policy
            yield entry.seq, "moment", row.written_at
            yield entry.seq, "thread", row.thread
            yield entry.seq, "voice", row.voice
            if row.parent is not None and row.depth == row.parent_depth + 1:
                yield entry.seq, "parent", row.parent
            yield from worded(entry, row, earlier)


def earlier_wordings(rows: Iterable[Any]) -> Wordings:
    """What was said before in those of these comments (`id`, `edited_at`) that were reworded."""
    reworded = [row.id for row in rows if row.edited_at is not None]
    found: Wordings = defaultdict(list)
    if reworded:
        version = CommentVersion
        query = select(version.comment_id, version.written_at, version.body, version.html)
        for comment_id, written_at, body, html in db.session.execute(
            query.where(version.comment_id.in_(reworded))
        ):
            found[comment_id, written_at].append((body, html))
    return found


def worded(entry: Entry, row: Any, earlier: Wordings) -> Iterator[Told]:
    """The wordings that a comment (or a thread's first) had at the moment of the entry."""
    said = list(earlier[row.id, entry.at])
    if (row.edited_at or row.written_at) == entry.at:
        said.append((row.body, row.html))
    for body, html in said:
        yield entry.seq, "body", body
        yield entry.seq, "html", html


def of_withdrawals(entries: Sequence[Entry]) -> Iterator[Told]:
    rows = {
        row.comment: row
        for row in db.session.execute(
            select(
                Comment.public_id.label("comment"),
                Comment.withdrawn_at,
                Thread.public_id.label("thread"),
                Account.public_id.label("account"),
            )
            .join(Thread, Thread.id == Comment.thread_id)
            .join(Voice, Voice.id == Comment.voice_id)
            .outerjoin(Account, Account.id == Voice.account_id)
            .where(Comment.public_id.in_({entry.subject for entry in entries}))
        )
    }
    for entry in entries:
        if (row := rows.get(entry.subject)) is not None:
            yield entry.seq, "actor", row.account or ""
            yield entry.seq, "thread", row.thread
            if row.withdrawn_at is not None:
                yield entry.seq, "moment", row.withdrawn_at


def of_hiding(entries: Sequence[Entry]) -> Iterator[Told]:
    hidden = _hidden(entries)
    for entry in entries:
        if entry.subject in hidden:
            at, reason = hidden[entry.subject]
            yield entry.seq, "moment", at
            yield entry.seq, "reason", reason


def of_showing(entries: Sequence[Entry]) -> Iterator[Told]:
    hidden = _hidden(entries)
    for entry in entries:
        if entry.subject in hidden:
            yield entry.seq, "hidden", True


def _hidden(entries: Sequence[Entry]) -> dict[str, tuple[datetime | None, str]]:
    rows = db.session.execute(
        select(Comment.public_id, Comment.hidden_at, Comment.hidden_reason).where(
            Comment.public_id.in_({entry.subject for entry in entries}),
            or_(Comment.hidden_at.is_not(None), Comment.hidden_reason != ""),
        )
    )
    return {row.public_id: (row.hidden_at, row.hidden_reason) for row in rows}


def amiss() -> Iterable[Amiss]:
    ids = select(Comment.public_id)
    opening = and_(Comment.parent_id.is_(None), CommentVersion.written_at == Comment.created_at)
    versions = (
        select(
            case((opening, Thread.public_id), else_=Comment.public_id), CommentVersion.written_at
        )
        .join(Comment, Comment.id == CommentVersion.comment_id)
        .join(Thread, Thread.id == Comment.thread_id)
    )
    withdrawn = select(Comment.public_id, Comment.withdrawn_at)
    return chain(
        untold("comments", ids.where(Comment.parent_id.is_not(None)), "comment.posted"),
        untold("comment_versions", versions, *WRITTEN),
        untold(
            "comments.withdrawn_at",
            withdrawn.where(Comment.withdrawn_at.is_not(None)),
            "comment.withdrawn",
        ),
        untold(
            "comments.hidden_at",
            ids.where(or_(Comment.hidden_at.is_not(None), Comment.hidden_reason != "")),
            "comment.hidden",
        ),
    )
