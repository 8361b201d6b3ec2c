"""What became of contributions, as readers see it: in bulk, and through what they may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from policyforum.accounts.models import Account
from policyforum.consolidation.items import path_of
from policyforum.consolidation.models import (
    Answer,
    ChangeLink,
    Disposition,
    FeedbackItem,
    FeedbackThread,
)
from policyforum.db.session import db
from policyforum.policies.models import Policy, Revision, RevisionSection, Section


@dataclass(frozen=True, slots=True)
class ChangedWords:
    """Where an item changed the text. `start`, `end` count from the section's offset; None: all.

    `words` are Markdown. `path` is the place in that revision, `changes_path` the same in the
    comparison with the one before.
    """

    revision: int
    section_key: str
    label: str
    words: str
    start: int | None
    end: int | None
    path: str
    changes_path: str


@dataclass(frozen=True, slots=True)
class Settlement:
    """What was decided on a contribution. `answer`: safe HTML, "" when none was given.

    `path` is the item's own page, `companions` how many other contributions it answers.
    """

    item_id: str
    number: int
    outcome: str
    reason: str
    wording: str | None
    answer: str
    decided_at: datetime
    decided_by: str
    companions: int
    changes: tuple[ChangedWords, ...]
    path: str


def settlement_of(thread_ids: Sequence[int]) -> dict[int, Settlement]:
    """What was decided, by thread; threads nothing was decided on are left out. Four queries."""
    rows = db.session.execute(
        select(FeedbackThread.thread_id, FeedbackThread.item_id)
        .join(FeedbackItem, FeedbackItem.id == FeedbackThread.item_id)
        .where(FeedbackThread.thread_id.in_(thread_ids), FeedbackItem.outcome.is_not(None))
        .order_by(FeedbackThread.item_id)
    )
    newest = dict(rows.all())
    settled = settlements(sorted(set(newest.values())))
    return {thread_id: settled[item_id] for thread_id, item_id in newest.items()}


def settlements(item_ids: Sequence[int]) -> dict[int, Settlement]:
    """The latest disposition and answer of items that are decided, by item. Three queries."""
    if not item_ids:
        return {}
    latest = (
        select(func.max(Disposition.id))
        .where(Disposition.item_id.in_(item_ids))
        .group_by(Disposition.item_id)
    )
    answered = (
        select(func.max(Answer.id)).where(Answer.item_id.in_(item_ids)).group_by(Answer.item_id)
    )
    gathered = (
        select(func.count())
        .where(FeedbackThread.item_id == FeedbackItem.id)
        .correlate(FeedbackItem)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(FeedbackItem, Disposition, Account.name, Answer.html, gathered)
        .join(Disposition, Disposition.item_id == FeedbackItem.id)
        .join(Account, Account.id == Disposition.decided_by_id)
        .outerjoin(Answer, (Answer.item_id == FeedbackItem.id) & Answer.id.in_(answered))
        .where(FeedbackItem.id.in_(item_ids), Disposition.id.in_(latest))
    )
    changes = changes_of(item_ids)
    return {
        item.id: Settlement(
            item_id=item.public_id,
            number=item.number,
            outcome=disposition.outcome,
            reason=disposition.reason,
            wording=disposition.wording,
            answer=answer or "",
            decided_at=disposition.decided_at,
            decided_by=name,
            companions=threads - 1,
            changes=tuple(changes.get(item.id, ())),
            path=path_of(item),
        )
        for item, disposition, name, answer, threads in rows
    }


def changes_of(item_ids: Sequence[int]) -> dict[int, list[ChangedWords]]:
    """The words each item changed, in the order of the text. One query."""
    rows = db.session.execute(
        select(
            ChangeLink,
            Revision.number,
            Section.key,
            RevisionSection.label,
            RevisionSection.text,
            Policy.slug,
        )
        .join(Revision, Revision.id == ChangeLink.revision_id)
        .join(Policy, Policy.id == Revision.policy_id)
        .join(Section, Section.id == ChangeLink.section_id)
        .join(
            RevisionSection,
            (RevisionSection.revision_id == ChangeLink.revision_id)
            & (RevisionSection.section_id == ChangeLink.section_id),
        )
        .where(ChangeLink.item_id.in_(item_ids))
        .order_by(Revision.number, RevisionSection.position, ChangeLink.id)
    )
    found: dict[int, list[ChangedWords]] = defaultdict(list)
    for link, number, key, label, text, slug in rows:
        found[link.item_id].append(
            ChangedWords(
                revision=number,
                section_key=key,
                label=label,
                words=text[link.start : link.end],
                start=link.start,
                end=link.end,
                path=f"/policies/{slug}/revisions/{number}#s-{key}",
                changes_path=f"/policies/{slug}/changes/{number - 1}..{number}#s-{key}",
            )
        )
    return found
