"""A policy's history told as a story: who did what, when, why, and after how much was said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from policyforum.accounts.models import Account
from policyforum.commenting.models import Comment, Thread
from policyforum.consolidation.models import FeedbackItem
from policyforum.db.session import db
from policyforum.decisions.models import Decision
from policyforum.decisions.queries import decisions_of
from policyforum.policies.models import Policy, Revision, Round, RoundChange
from policyforum.policies.queries import revisions_of, rounds_of

ORDER = (
    "created",
    "extended",
    "shortened",
    "closed",
    "answered",
    "decided",
    "published",
    "opened",
    "withdrawn",
)
"""Which of two things at one moment is told first."""


@dataclass(frozen=True, slots=True)
class Said:
    """How much was contributed to a revision, by how many people."""

    threads: int = 0
    comments: int = 0
    people: int = 0


@dataclass(frozen=True, slots=True)
class Chapter:
    """One thing that happened. `kind` is one of `ORDER`; the template has the words for it.

    `who`: by whom; of a round that closed, who closed it early.

    `note`: somebody's own words (a change note, a reason). `outcomes`: counts by disposition.
    """

    kind: str
    at: datetime
    who: str = ""
    note: str = ""
    revision: Revision | None = None
    round: Round | None = None
    change: RoundChange | None = None
    decision: Decision | None = None
    said: Said = field(default_factory=Said)
    words_added: int = 0
    words_removed: int = 0
    outcomes: Mapping[str, int] = field(default_factory=dict)


def story_of(policy: Policy, now: datetime) -> list[Chapter]:
    """The chapters up to now in order of time. A fixed number of queries."""
    revisions, rounds = revisions_of(policy), rounds_of(policy)
    said, outcomes = _said(policy), _outcomes(policy)
    chapters = [
        Chapter("created", policy.created_at, who=_name_of(policy.created_by_id)),
        *_published(revisions, said),
        *_rounds(rounds, _changes(rounds), said, outcomes, now),
        *_decided(policy),
    ]
    if policy.withdrawn_at is not None:
        chapters.append(Chapter("withdrawn", policy.withdrawn_at, note=policy.withdrawn_reason))
    return sorted(chapters, key=lambda chapter: (chapter.at, ORDER.index(chapter.kind)))


def _published(revisions: Sequence[Revision], said: Mapping[int, Said]) -> Iterator[Chapter]:
    ids = {revision.number: revision.id for revision in revisions}
    for revision in revisions:
        yield Chapter(
            "published",
            revision.published_at,
            who=revision.published_by.name,
            note=revision.change_note,
            revision=revision,
            said=said.get(ids.get(revision.number - 1, 0), Said()),
            words_added=int(revision.change_totals.get("words_added", 0)),
            words_removed=int(revision.change_totals.get("words_removed", 0)),
        )


def _rounds(
    rounds: Sequence[Round],
    changes: Sequence[RoundChange],
    said: Mapping[int, Said],
    outcomes: Mapping[int, Mapping[str, int]],
    now: datetime,
) -> Iterator[Chapter]:
    by_id = {consultation.id: consultation for consultation in rounds}
    ended = {
        change.round_id: change
        for change in changes
        if change.closes_after == by_id[change.round_id].closes_at <= change.at
    }
    for consultation in rounds:
        of_revision = said.get(consultation.revision_id, Said())
        yield Chapter(
            "opened",
            max(consultation.opens_at, consultation.created_at),
            revision=consultation.revision,
            round=consultation,
        )
        if consultation.closes_at <= now:
            yield Chapter(
                "closed",
                consultation.closes_at,
                who=ended[consultation.id].by.name if consultation.id in ended else "",
                revision=consultation.revision,
                round=consultation,
                said=of_revision,
            )
        if consultation.concluded_at is not None:
            yield Chapter(
                "answered",
                max(consultation.concluded_at, consultation.closes_at),
                revision=consultation.revision,
                round=consultation,
                outcomes=outcomes.get(consultation.revision_id, {}),
            )
    for change in changes:
        if ended.get(change.round_id) is change:
            continue
        kind = "extended" if change.closes_after > change.closes_before else "shortened"
        consultation = by_id[change.round_id]
        yield Chapter(kind, change.at, who=change.by.name, round=consultation, change=change)


def _decided(policy: Policy) -> Iterator[Chapter]:
    for decision in decisions_of(policy):
        yield Chapter(
            "decided",
            decision.decided_at,
            who=decision.decided_by.name,
            note=decision.reason,
            revision=decision.revision,
            decision=decision,
        )


def _changes(rounds: Sequence[Round]) -> Sequence[RoundChange]:
    return db.session.scalars(
        select(RoundChange)
        .where(RoundChange.round_id.in_([consultation.id for consultation in rounds]))
        .order_by(RoundChange.id)
        .options(joinedload(RoundChange.by))
    ).all()


def _said(policy: Policy) -> dict[int, Said]:
    """What was contributed to each revision, withdrawn and hidden words left out."""
    rows: Any = db.session.execute(
        select(
            Thread.revision_id,
            func.count(func.distinct(Thread.id)),
            func.count(),
            func.count(func.distinct(Comment.voice_id)),
        )
        .join(Comment, Comment.thread_id == Thread.id)
        .where(
            Thread.policy_id == policy.id,
            Comment.withdrawn_at.is_(None),
            Comment.hidden_at.is_(None),
        )
        .group_by(Thread.revision_id)
    )
    return {revision_id: Said(*counts) for revision_id, *counts in rows}


def _outcomes(policy: Policy) -> dict[int, dict[str, int]]:
    rows = db.session.execute(
        select(FeedbackItem.revision_id, FeedbackItem.outcome, func.count())
        .where(FeedbackItem.policy_id == policy.id, FeedbackItem.outcome.is_not(None))
        .group_by(FeedbackItem.revision_id, FeedbackItem.outcome)
    )
    found: dict[int, dict[str, int]] = {}
    for revision_id, outcome, count in rows:
        found.setdefault(revision_id, {})[str(outcome)] = count
    return found


def _name_of(account_id: int | None) -> str:
    if account_id is None:
        return ""
    return (
        db.session.scalars(select(Account.name).where(Account.id == account_id)).one_or_none() or ""
    )
