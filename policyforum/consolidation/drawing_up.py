"""Accepted wording flows into the working draft; published words are traced to their cause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from policyforum.audit.record import Event, record
from policyforum.commenting.models import Placement, Thread, ThreadPosition
from policyforum.consolidation.models import (
    AppliedSuggestion,
    ChangeLink,
    Disposition,
    FeedbackItem,
    FeedbackThread,
)
from policyforum.db.session import db
from policyforum.drafting.queries import current_draft, current_source
from policyforum.drafting.services import keep_drawn_up
from policyforum.organisation.actor import Actor
from policyforum.policies.models import Policy, Revision, RevisionSection
from policyforum.policies.permissions import may_draft
from policyforum.policies.queries import lock_policy, sections_of
from policyforum.text import merge, suggestions
from policyforum.text.anchors import locate
from policyforum.web.problems import Forbidden

TAKEN_UP = ("accepted", "partly")
PLACED = ("exact", "moved", "reworded")


@dataclass(frozen=True, slots=True)
class Wording:
    """A wording that was agreed on for words of the current revision."""

    item: FeedbackItem
    thread: Thread
    placement: Placement
    text: str


@dataclass(frozen=True, slots=True)
class DrawnUp:
    """What came of it: numbers of the items whose wording went in, and of those that could not."""

    version: int
    taken_in: tuple[int, ...]
    left_out: tuple[int, ...]


def draw_up(policy: Policy, actor: Actor, now: datetime) -> DrawnUp:
    """Put every agreed wording that is not in yet into the working draft.

    The wordings are applied to the published text together, and the outcome is merged three-way
    with what the drafters wrote since. Wordings that overlap each other, or words the drafters
    changed themselves, are left out and named.
    """
    if not may_draft(actor, policy):
        raise Forbidden(_("Only the drafters of this policy can write its next text."))
    lock_policy(policy.id)
    revision, draft = policy.current_revision, current_draft(policy)
    wordings = agreed_wordings(policy) if revision else []
    if revision is None or not wordings:
        return DrawnUp(draft.version, (), ())
    source, refused = _with_wordings(revision, current_source(policy), wordings)
    taken = [wording for wording in wordings if wording.thread.public_id not in refused]
    if taken:
        keep_drawn_up(policy, actor, source, now)
        _remember(taken, draft.version, policy, actor, now)
    return DrawnUp(
        draft.version,
        tuple(sorted({wording.item.number for wording in taken})),
        tuple(sorted({w.item.number for w in wordings if w.thread.public_id in refused})),
    )


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
    latest = _latest_dispositions([item.id for item, _thread, _placement in rows])
    return list(_wordings(rows, latest))


def link_changes(event: Event) -> None:
    """Listener of `revision.published`: join each agreed item to the words it changed."""
    revision: Revision = event.row
    changed = {
        section.section_id: section
        for section in sections_of(revision.id)
        if section.origin_state != "same"
    }
    seen: set[tuple[int, int]] = set()
    for item, thread, placement in _taken_up_before(revision):
        section = changed.get(placement.section_id or 0)
        if section is None or (item.id, section.section_id) in seen:
            continue
        seen.add((item.id, section.section_id))
        start, end = _changed_words(section, thread, placement)
        db.session.add(
            ChangeLink(
                item_id=item.id,
                revision_id=revision.id,
                section_id=section.section_id,
                start=start,
                end=end,
                made_at=event.at,
            )
        )


def _wordings(
    rows: list[tuple[FeedbackItem, Thread, Placement]], latest: Mapping[int, Disposition]
) -> Iterator[Wording]:
    worded: set[int] = set()
    for item, thread, placement in rows:
        agreed = latest[item.id].wording
        if agreed is not None and item.id not in worded:
            # The drafters' own wording answers all threads of the item, at the first one's place.
            worded.add(item.id)
            yield Wording(item, thread, placement, agreed)
        elif agreed is None and item.outcome == "accepted" and thread.suggestion is not None:
            yield Wording(item, thread, placement, thread.suggestion)


def _latest_dispositions(item_ids: list[int]) -> dict[int, Disposition]:
    return {
        disposition.item_id: disposition
        for disposition in db.session.scalars(
            select(Disposition).where(Disposition.item_id.in_(item_ids)).order_by(Disposition.id)
        )
    }


def _with_wordings(
    revision: Revision, draft_source: str, wordings: list[Wording]
) -> tuple[str, frozenset[str]]:
    """The draft with the wordings in it, and the public ids of threads whose wording is not."""
    sections = {section.section_id: section for section in sections_of(revision.id)}
    source, refused = draft_source, set[str]()
    edits = [_edit(wording, sections, revision.source) for wording in wordings]
    together = suggestions.apply(revision.source, edits)
    refused.update(wording.thread.public_id for wording in wordings)
    refused.difference_update(together.applied)
    merged = merge.merge3(revision.source, draft_source, together.source)
    if not merged.conflicts:
        return merged.source, frozenset(refused)
    # Something touches words the drafters changed: take them one by one, to refuse only those.
    for edit in edits:
        if edit.ref in refused:
            continue
        alone = suggestions.apply(revision.source, [edit]).source
        merged = merge.merge3(revision.source, source, alone)
        if merged.conflicts:
            refused.add(edit.ref)
        else:
            source = merged.source
    return source, frozenset(refused)


def _edit(
    wording: Wording, sections: Mapping[int, RevisionSection], source: str
) -> suggestions.Edit:
    placement = wording.placement
    section = sections[placement.section_id or 0]
    start = section.offset + (placement.start or 0)
    end = section.offset + (len(section.text) if placement.end is None else placement.end)
    kept = len(source[start:end]) - len(source[start:end].rstrip())
    return suggestions.Edit(start, end - kept, wording.text.strip(), wording.thread.public_id)


def _remember(
    taken: list[Wording], version: int, policy: Policy, actor: Actor, now: datetime
) -> None:
    db.session.add_all(
        AppliedSuggestion(
            item_id=wording.item.id,
            thread_id=wording.thread.id,
            draft_version=version,
            applied_at=now,
            applied_by_id=actor.account_id,
        )
        for wording in taken
    )
    record(
        Event(
            "suggestions.applied",
            actor.public_id,
            now,
            policy.public_id,
            policy.public_id,
            {"draft": version, "threads": [wording.thread.public_id for wording in taken]},
        )
    )


def _taken_up_before(revision: Revision) -> list[tuple[FeedbackItem, Thread, Placement]]:
    """Agreed items of the revision before, with where their threads stand in this one."""
    before = select(Revision.id).where(
        Revision.policy_id == revision.policy_id, Revision.number == revision.number - 1
    )
    return [
        (item, thread, placement)
        for item, thread, placement in db.session.execute(
            select(FeedbackItem, Thread, Placement)
            .join(FeedbackThread, FeedbackThread.item_id == FeedbackItem.id)
            .join(Thread, Thread.id == FeedbackThread.thread_id)
            .join(
                ThreadPosition,
                (ThreadPosition.thread_id == Thread.id)
                & (ThreadPosition.revision_id == revision.id),
            )
            .join(Placement, Placement.id == ThreadPosition.placement_id)
            .where(FeedbackItem.revision_id.in_(before), FeedbackItem.outcome.in_(TAKEN_UP))
            .order_by(FeedbackItem.number, Thread.id)
        )
    ]


def _changed_words(
    section: RevisionSection, thread: Thread, placement: Placement
) -> tuple[int | None, int | None]:
    """The span of the section's words that answer the thread; none: the whole section."""
    if thread.suggestion and (found := locate(section.text, thread.suggestion)):
        return found
    if placement.state == "reworded":
        return placement.start, placement.end
    return None, None
