"""What became of contributions, as readers see it: in bulk, and through what they may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, joinedload

from policyforum.accounts.models import Account
from policyforum.commenting.models import Comment, Thread, Voice
from policyforum.consolidation.models import (
    Answer,
    ChangeLink,
    Disposition,
    FeedbackItem,
    FeedbackThread,
)
from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.policies.models import Policy, Revision, RevisionSection, Section
from policyforum.policies.permissions import may_see
from policyforum.web.problems import NotFound

STANDING = ("open", "answered")
"""States of threads whose words are to be seen."""


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
    summary: str
    outcome: str
    reason: str
    wording: str | None
    answer: str
    decided_at: datetime
    decided_by: str
    companions: int
    changes: tuple[ChangedWords, ...]
    path: str


@dataclass(frozen=True, slots=True)
class Raised:
    """A contribution that an item answers, in short."""

    id: str
    number: int
    name: str
    origin: str
    section_label: str
    quote: str | None
    suggestion: str | None
    words: str
    path: str


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a section of a revision reads as it does: an item, who raised it, what was decided."""

    item_id: str
    number: int
    summary: str
    outcome: str
    reason: str
    section_key: str
    start: int | None
    end: int | None
    raised: tuple[Raised, ...]
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
            summary=item.summary,
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


def causes_of(revision_ids: Sequence[int]) -> list[Cause]:
    """Why sections of these revisions changed, in the order of the text. Two queries."""
    rows = db.session.execute(
        select(ChangeLink, FeedbackItem, Section.key, Disposition.reason)
        .join(FeedbackItem, FeedbackItem.id == ChangeLink.item_id)
        .join(Section, Section.id == ChangeLink.section_id)
        .join(Disposition, Disposition.item_id == FeedbackItem.id)
        .where(
            ChangeLink.revision_id.in_(revision_ids),
            FeedbackItem.outcome.is_not(None),
            Disposition.id.in_(select(func.max(Disposition.id)).group_by(Disposition.item_id)),
        )
        .order_by(FeedbackItem.number, ChangeLink.id)
    ).all()
    raised = raised_in(sorted({item.id for _, item, _, _ in rows}))
    return [
        Cause(
            item_id=item.public_id,
            number=item.number,
            summary=item.summary,
            outcome=item.outcome or "",
            reason=reason,
            section_key=key,
            start=link.start,
            end=link.end,
            raised=tuple(raised.get(item.id, ())),
            path=path_of(item),
        )
        for link, item, key, reason in rows
    ]


def raised_in(item_ids: Sequence[int]) -> dict[int, list[Raised]]:
    """The contributions each item answers, oldest first. One query."""
    opening = aliased(Comment)
    rows = db.session.execute(
        select(FeedbackThread.item_id, Thread, Voice, opening)
        .join(Thread, Thread.id == FeedbackThread.thread_id)
        .join(Voice, Voice.id == Thread.voice_id)
        .join(opening, (opening.thread_id == Thread.id) & opening.parent_id.is_(None))
        .where(FeedbackThread.item_id.in_(item_ids))
        .order_by(Thread.id)
    )
    found: dict[int, list[Raised]] = defaultdict(list)
    for item_id, thread, voice, comment in rows:
        found[item_id].append(
            Raised(
                id=thread.public_id,
                number=thread.number,
                name=voice.name,
                origin=voice.association_name or voice.unit_name,
                section_label=thread.section_label,
                quote=thread.quote_exact,
                suggestion=thread.suggestion if thread.state in STANDING else None,
                words=shown_words(comment),
                path=f"/threads/{thread.public_id}",
            )
        )
    return found


def item_by_id(public_id: str, actor: Actor) -> FeedbackItem:
    """An item with its policy, or `NotFound`."""
    item = None
    if "\x00" not in public_id:
        item = db.session.scalars(
            select(FeedbackItem)
            .where(FeedbackItem.public_id == public_id)
            .options(
                joinedload(FeedbackItem.policy).options(
                    joinedload(Policy.unit),
                    joinedload(Policy.current_revision),
                    joinedload(Policy.current_round),
                ),
                joinedload(FeedbackItem.revision),
                joinedload(FeedbackItem.section),
            )
        ).one_or_none()
    if item is None or not may_see(actor, item.policy):
        raise NotFound
    return item


def items_numbered(policy: Policy, numbers: Sequence[int]) -> Sequence[FeedbackItem]:
    """The policy's items with these numbers, in order."""
    return db.session.scalars(
        select(FeedbackItem)
        .where(FeedbackItem.policy_id == policy.id, FeedbackItem.number.in_(numbers))
        .order_by(FeedbackItem.number)
    ).all()


def item_of_thread(thread_id: int) -> FeedbackItem | None:
    """The newest item a thread is gathered in, if it is in one."""
    return db.session.scalars(
        select(FeedbackItem)
        .join(FeedbackThread, FeedbackThread.item_id == FeedbackItem.id)
        .where(FeedbackThread.thread_id == thread_id)
        .order_by(FeedbackItem.id.desc())
        .limit(1)
    ).one_or_none()


def dispositions_of(item: FeedbackItem) -> Sequence[Disposition]:
    """What was decided on an item, oldest first, each with who decided."""
    return db.session.scalars(
        select(Disposition)
        .where(Disposition.item_id == item.id)
        .order_by(Disposition.id)
        .options(joinedload(Disposition.decided_by))
    ).all()


def answer_to(item: FeedbackItem) -> Answer | None:
    """The answer that counts."""
    return db.session.scalars(
        select(Answer).where(Answer.item_id == item.id).order_by(Answer.id.desc()).limit(1)
    ).one_or_none()


def path_of(item: FeedbackItem) -> str:
    """The item's own page."""
    return f"/feedback/{item.public_id}"


def shown_words(comment: Comment) -> str:
    """A comment's words, unless it was withdrawn or hidden."""
    is_gone = comment.withdrawn_at is not None or comment.hidden_at is not None
    return "" if is_gone else comment.body
