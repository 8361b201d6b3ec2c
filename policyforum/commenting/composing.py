"""From rows to what readers see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased, contains_eager

from policyforum.commenting.faces import AuthorView, CommentView
from policyforum.commenting.models import Comment, Voice
from policyforum.db.session import db
from policyforum.organisation.actor import Actor, Grant
from policyforum.organisation.models import RoleGrant, Unit
from policyforum.policies.models import Policy
from policyforum.text.passages import Edit
from policyforum.text.readable import align_readably
from policyforum.text.rewording import kept_head
from policyforum.text.spans import Span, spans_of
from policyforum.text.words import tokenise

DEEPEST_SHOWN: Final = 3
"""Replies nested deeper are shown at this depth, with the name of whom they answer."""


@dataclass(frozen=True, slots=True)
class _Term:
    account_id: int
    grant: Grant
    starts_at: datetime
    ends_at: datetime | None


class Drafters:
    """Who drafted when: read once for a page."""

    def __init__(self) -> None:
        rows = db.session.execute(
            select(
                RoleGrant.account_id,
                RoleGrant.policy_id,
                RoleGrant.starts_at,
                RoleGrant.ends_at,
                Unit.path,
            )
            .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
            .where(RoleGrant.role == "drafter")
        )
        self._terms: dict[int, list[_Term]] = defaultdict(list)
        for row in rows:
            grant = Grant("drafter", row.path, row.policy_id)
            self._terms[row.account_id].append(
                _Term(row.account_id, grant, row.starts_at, row.ends_at)
            )

    def was_one(self, voice: Voice, policy: Policy, at: datetime) -> bool:
        """Whether the voice's person drafted this policy at that time."""
        return any(
            term.starts_at <= at
            and (term.ends_at is None or at < term.ends_at)
            and term.grant.covers(policy.unit_path, policy.id)
            for term in self._terms.get(voice.account_id or 0, ())
        )


def author_view(
    voice: Voice, at: datetime, policy: Policy, drafters: Drafters, actor: Actor
) -> AuthorView:
    """The author of something said at `at`, as this reader sees them."""
    return AuthorView(
        name=voice.name,
        unit=voice.unit_name,
        association=voice.association_name,
        kind=voice.kind,
        is_drafter=drafters.was_one(voice, policy, at),
        is_me=actor.account_id is not None and voice.account_id == actor.account_id,
    )


@dataclass(frozen=True, slots=True)
class CommentRow:
    """A comment with what is needed of the one it answers."""

    comment: Comment
    parent: str | None
    answered: str


def comment_rows(
    thread_ids: Sequence[int] | Select[int], most_replies: int | None = None
) -> dict[int, list[CommentRow]]:
    """The comments of many threads in one query, oldest first, by thread.

    `most_replies`: how many at most after the one that opened the thread.
    """
    parent, parent_voice = aliased(Comment), aliased(Voice)
    query = (
        select(Comment, parent.public_id, parent_voice.name)
        .join(Comment.voice)
        .outerjoin(parent, parent.id == Comment.parent_id)
        .outerjoin(parent_voice, parent_voice.id == parent.voice_id)
        .where(Comment.thread_id.in_(thread_ids))
        .order_by(Comment.thread_id, Comment.id)
        .options(contains_eager(Comment.voice))
    )
    if most_replies is not None:
        rank = func.row_number().over(partition_by=Comment.thread_id, order_by=Comment.id)
        ranked = (
            select(Comment.id, rank.label("rank"))
            .where(Comment.thread_id.in_(thread_ids))
            .subquery()
        )
        query = query.join(ranked, ranked.c.id == Comment.id).where(
            ranked.c.rank <= most_replies + 1
        )
    found: dict[int, list[CommentRow]] = defaultdict(list)
    for comment, parent_id, answered in db.session.execute(query):
        found[comment.thread_id].append(CommentRow(comment, parent_id, answered or ""))
    return found


def comment_views(
    rows: Iterable[CommentRow], policy: Policy, drafters: Drafters, actor: Actor
) -> tuple[CommentView, ...]:
    """A thread's comments in the order they are read: each followed by its replies."""
    return tuple(_comment_view(row, policy, drafters, actor) for row in _nested(list(rows)))


def wording_spans(
    quote: str | None, section_text: str | None, suggestion: str, kind: str | None
) -> Sequence[Span]:
    """A proposed wording as changes to the words it would replace: the quote, or a whole section.

    `kind` is the section's: its number or heading line is not replaced.
    """
    before = quote
    if before is None:
        text = section_text or ""
        before = text[kept_head(kind or "", text, suggestion) :]
    old, new = tokenise(before.strip()), tokenise(suggestion.strip())
    return spans_of(Edit("", old, new, align_readably(old, new)), ())


def _comment_view(row: CommentRow, policy: Policy, drafters: Drafters, actor: Actor) -> CommentView:
    comment = row.comment
    is_gone = comment.withdrawn_at is not None or comment.hidden_at is not None
    return CommentView(
        id=comment.public_id,
        parent=row.parent,
        author=author_view(comment.voice, comment.created_at, policy, drafters, actor),
        body="" if is_gone else comment.body,
        html="" if is_gone else comment.html,
        depth=comment.depth,
        replying_to=row.answered if comment.depth > DEEPEST_SHOWN else "",
        created_at=comment.created_at,
        edited_at=comment.edited_at,
        withdrawn_at=comment.withdrawn_at,
        hidden_at=comment.hidden_at,
        hidden_reason=comment.hidden_reason,
    )


def _nested(rows: list[CommentRow]) -> Iterator[CommentRow]:
    present = {row.comment.id for row in rows}
    answers: dict[int | None, list[CommentRow]] = defaultdict(list)
    for row in rows:
        parent = row.comment.parent_id
        answers[parent if parent in present else None].append(row)
    waiting = list(reversed(answers[None]))
    while waiting:
        row = waiting.pop()
        yield row
        waiting.extend(reversed(answers[row.comment.id]))
