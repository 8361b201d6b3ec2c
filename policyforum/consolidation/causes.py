"""From the words of a revision back to the contributions that changed them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from policyforum.consolidation.gathered import gathered_in
from policyforum.consolidation.items import path_of
from policyforum.consolidation.models import ChangeLink, Disposition, FeedbackItem
from policyforum.db.session import db
from policyforum.policies.models import Section


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
    outcome: str
    reason: str
    section_key: str
    start: int | None
    end: int | None
    raised: tuple[Raised, ...]
    path: str


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
    found: dict[int, list[Raised]] = defaultdict(list)
    for gathered in gathered_in(item_ids):
        thread, voice = gathered.thread, gathered.voice
        found[gathered.item_id].append(
            Raised(
                id=thread.public_id,
                number=thread.number,
                name=voice.name,
                origin=voice.association_name or voice.unit_name,
                section_label=thread.section_label,
                quote=thread.quote_exact,
                suggestion=gathered.suggestion,
                words=gathered.words,
                path=f"/threads/{thread.public_id}",
            )
        )
    return found
