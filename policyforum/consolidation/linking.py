"""Published words are traced to the contributions that changed them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select

from policyforum.audit.record import Event, record
from policyforum.commenting.models import Placement, Thread, ThreadPosition
from policyforum.consolidation.gates import lock_as_drafter, section_id_by_key
from policyforum.consolidation.models import TAKEN_UP, ChangeLink, FeedbackItem, FeedbackThread
from policyforum.consolidation.wordings import latest_dispositions
from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.policies.models import Revision, RevisionSection
from policyforum.policies.queries import sections_of
from policyforum.text.anchors import locate

TakenUp = tuple[FeedbackItem, Thread, Placement]


def link_changes(event: Event) -> None:
    """Listener of `revision.published`: join each agreed item to the words it changed."""
    revision: Revision = event.row
    taken_up = _taken_up_before(revision)
    if not taken_up:
        return
    sections = sections_of(revision.id)
    latest = latest_dispositions([item.id for item, _, _ in taken_up])
    seen: set[tuple[int, int]] = set()
    for item, thread, placement in taken_up:
        wording = latest[item.id].wording or thread.suggestion
        for section in _changed(sections, placement, wording):
            if (item.id, section.section_id) in seen:
                continue
            seen.add((item.id, section.section_id))
            start, end = _changed_words(section, placement, wording)
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


def link_by_hand(
    item: FeedbackItem, actor: Actor, revision: Revision, section_key: str, now: datetime
) -> ChangeLink:
    """Say that an item changed a section of a later revision; doing it twice is once.

    Raises `Forbidden` for whom it is not, `Closed` when the policy is withdrawn, `Invalid` when the
    revision has no such section.
    """
    lock_as_drafter(item.policy, actor)
    section_id = section_id_by_key(revision, section_key)
    link = db.session.scalars(
        select(ChangeLink).where(
            ChangeLink.item_id == item.id,
            ChangeLink.revision_id == revision.id,
            ChangeLink.section_id == section_id,
        )
    ).first()
    if link is not None:
        return link
    link = ChangeLink(
        item_id=item.id,
        revision_id=revision.id,
        section_id=section_id,
        made_by_id=actor.account_id,
        made_at=now,
    )
    db.session.add(link)
    db.session.flush()
    record(
        Event(
            "feedback.linked",
            actor.public_id,
            now,
            item.public_id,
            item.policy.public_id,
            {"number": item.number, "revision": revision.number, "section": section_key},
        )
    )
    return link


def _taken_up_before(revision: Revision) -> Sequence[TakenUp]:
    """Agreed items of the revision before, with where their threads stand in this one."""
    before = select(Revision.id).where(
        Revision.policy_id == revision.policy_id, Revision.number == revision.number - 1
    )
    return db.session.execute(
        select(FeedbackItem, Thread, Placement)
        .join(FeedbackThread, FeedbackThread.item_id == FeedbackItem.id)
        .join(Thread, Thread.id == FeedbackThread.thread_id)
        .join(
            ThreadPosition,
            (ThreadPosition.thread_id == Thread.id) & (ThreadPosition.revision_id == revision.id),
        )
        .join(Placement, Placement.id == ThreadPosition.placement_id)
        .where(FeedbackItem.revision_id.in_(before), FeedbackItem.outcome.in_(TAKEN_UP))
        .order_by(FeedbackItem.number, Thread.id)
    ).all()


def _changed(
    sections: Sequence[RevisionSection], placement: Placement, wording: str | None
) -> list[RevisionSection]:
    """The changed sections at a thread's place: the one that has the agreed words, else all."""
    changed = [row for row in _subtree(sections, placement) if row.origin_state != "same"]
    worded = [row for row in changed if wording and locate(row.text, wording)]
    return worded[:1] or changed


def _subtree(
    sections: Sequence[RevisionSection], placement: Placement
) -> Iterator[RevisionSection]:
    """The section a thread stands at, and all inside it."""
    inside: set[int] = set()
    for section in sections:
        if section.section_id == placement.section_id or section.parent_position in inside:
            inside.add(section.position)
            yield section
        elif inside:
            return


def _changed_words(
    section: RevisionSection, placement: Placement, wording: str | None
) -> tuple[int | None, int | None]:
    """The span of the section's words that answer the thread; none: the whole section."""
    if wording and (found := locate(section.text, wording)):
        return found
    if placement.state == "reworded" and placement.section_id == section.section_id:
        return placement.start, placement.end
    return None, None
