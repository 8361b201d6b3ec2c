"""The wordings that were agreed on, as edits of the published text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from policyforum.commenting.models import Placement, Thread, ThreadPosition
from policyforum.consolidation.models import (
    TAKEN_UP,
    AppliedSuggestion,
    Disposition,
    FeedbackItem,
    FeedbackThread,
)
from policyforum.db.session import db
from policyforum.policies.models import Policy, RevisionSection
from policyforum.text.rewording import kept_head
from policyforum.text.suggestions import Edit

PLACED: Final = ("exact", "moved", "reworded")


@dataclass(frozen=True, slots=True)
class Wording:
    """A wording that was agreed on for words of the current revision; "" leaves them out."""

    item: FeedbackItem
    thread: Thread
    placement: Placement
    text: str


def agreed_wordings(policy: Policy) -> list[Wording]:
    """The wordings agreed on for the current revision that are not in the draft yet."""
    applied = select(AppliedSuggestion.thread_id).where(
        AppliedSuggestion.item_id == FeedbackItem.id
    )
    rows = db.session.execute(
        select(FeedbackItem, Thread, Placement)
        .join(FeedbackThread, FeedbackThread.item_id == FeedbackItem.id)
        .join(Thread, Thread.id == FeedbackThread.thread_id)
        .join(
            ThreadPosition,
            (ThreadPosition.thread_id == Thread.id)
            & (ThreadPosition.revision_id == policy.current_revision_id),
        )
        .join(Placement, Placement.id == ThreadPosition.placement_id)
        .where(
            FeedbackItem.policy_id == policy.id,
            FeedbackItem.revision_id == policy.current_revision_id,
            FeedbackItem.outcome.in_(TAKEN_UP),
            Thread.state != "withdrawn",
            Placement.state.in_(PLACED),
            Placement.section_id.is_not(None),
            Thread.id.not_in(applied),
        )
        .order_by(FeedbackItem.number, Thread.id)
    ).all()
    return list(_wordings(rows, latest_dispositions([item.id for item, _, _ in rows])))


def latest_dispositions(item_ids: Sequence[int]) -> dict[int, Disposition]:
    """The disposition that counts, by item."""
    return {
        disposition.item_id: disposition
        for disposition in db.session.scalars(
            select(Disposition).where(Disposition.item_id.in_(item_ids)).order_by(Disposition.id)
        )
    }


def edit_of(wording: Wording, sections: Sequence[RevisionSection], source: str) -> Edit:
    """What a wording changes in the source its placement counts in.

    A wording for a whole section replaces it with all inside it, but keeps its marker or heading
    line unless it brings its own. White space at the end stays, so that the next section still
    begins on its line.
    """
    placement = wording.placement
    at = next(n for n, row in enumerate(sections) if row.section_id == placement.section_id)
    section = sections[at]
    if placement.start is not None and placement.end is not None:
        start, end = section.offset + placement.start, section.offset + placement.end
    else:
        start, end = section.offset, _subtree_end(sections, at)
        if wording.text.strip():
            start += kept_head(section.kind, section.text, wording.text)
    return _tidy(start, end, wording, source)


def _wordings(
    rows: Sequence[tuple[FeedbackItem, Thread, Placement]], latest: Mapping[int, Disposition]
) -> Iterator[Wording]:
    worded: set[int] = set()
    for item, thread, placement in rows:
        agreed = latest[item.id].wording
        if agreed and item.id not in worded:
            # The drafters' own wording answers all threads of the item, at the first one's place.
            worded.add(item.id)
            yield Wording(item, thread, placement, agreed)
        elif agreed is None and item.outcome == "accepted" and thread.suggestion is not None:
            yield Wording(item, thread, placement, thread.suggestion)


def _subtree_end(sections: Sequence[RevisionSection], at: int) -> int:
    """The offset where a section with all inside it ends."""
    inside = {sections[at].position}
    last = sections[at]
    for section in sections[at + 1 :]:
        if section.parent_position not in inside:
            break
        inside.add(section.position)
        last = section
    return last.offset + len(last.text)


def _tidy(start: int, end: int, wording: Wording, source: str) -> Edit:
    words, text, ref = source[start:end], wording.text.strip(), wording.thread.public_id
    if not text:
        # Nothing takes their place: do not leave two blanks, or an empty paragraph, behind.
        before = source[:start].endswith((" ", "\n")) and not words.endswith((" ", "\n"))
        return Edit(start - int(before and source[start - 1] == " "), end, "", ref)
    lead, tail = len(words) - len(words.lstrip()), len(words) - len(words.rstrip())
    if lead == len(words):
        lead = 0
    return Edit(start + lead, end - tail, text, ref)
