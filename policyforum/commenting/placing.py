"""Placing threads: by the program in each new revision, and by a drafter where it was not sure."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert, select

from policyforum.audit.record import Event
from policyforum.commenting.carrying import Standing, carry_over
from policyforum.commenting.ledger import DOCUMENT, stand_elsewhere
from policyforum.commenting.models import (
    BlockActivity,
    Placement,
    Thread,
    ThreadPosition,
)
from policyforum.commenting.passages import Part, block_at, subtree_of
from policyforum.commenting.rows import locked_thread, note
from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.policies.gates import require_under_way
from policyforum.policies.holding import lock_policy
from policyforum.policies.models import Policy, Revision, RevisionSection, Section
from policyforum.policies.permissions import may_draft
from policyforum.policies.queries import chosen_sections, keyed_sections
from policyforum.text import anchors
from policyforum.web.problems import Closed, Forbidden, Invalid, NotFound

BY_HAND = "by_hand"
CONFIRMED_GONE = "confirmed_gone"


def place_threads(event: Event) -> None:
    """Listener of `revision.published`: give every thread not withdrawn its place in it."""
    revision: Revision = event.row
    before = db.session.scalars(
        select(Revision.id).where(
            Revision.policy_id == revision.policy_id, Revision.number == revision.number - 1
        )
    ).one_or_none()
    standings = standings_in(before) if before is not None else []
    if not standings:
        return
    old, new = keyed_sections(before), keyed_sections(revision.id)
    places = carry_over(standings, old, new, chosen_sections(revision.id))
    _store(revision, standings, places, event.at)


def place_by_hand(
    thread: Thread,
    revision: Revision,
    actor: Actor,
    section_key: str | None,
    start: int | None,
    end: int | None,
    now: datetime,
) -> Placement:
    """Say where a thread stands in a revision; no section: that its words are really gone.

    `start` and `end` count from the section's offset; None: the whole section. Raises `Forbidden`
    for whom it is not, `Closed` when policy or thread was withdrawn, `NotFound` when the thread
    does not stand in that revision, `Invalid` for a section or words that are not there.
    """
    policy, thread = locked_for_placing(thread, actor)
    position = db.session.get(ThreadPosition, (thread.id, revision.id))
    if position is None:
        raise NotFound
    placement = Placement(
        thread_id=thread.id,
        revision_id=revision.id,
        start=start,
        end=end,
        state=anchors.EXACT if section_key else anchors.UNPLACED,
        score=1.0,
        cause=BY_HAND if section_key else CONFIRMED_GONE,
        placed_by_id=actor.account_id,
        placed_at=now,
    )
    block_position = None
    if section_key:
        parts = _parts_chosen(revision, section_key, start, end)
        placement.section_id = parts[0].section_id
        block_position = block_at(parts, parts[0].offset + (start or 0))
    stand_elsewhere(position, placement, block_position)
    facts = {"revision": revision.number, "section": section_key, "cause": placement.cause}
    note("thread.placed", thread, thread.public_id, policy, actor, now, facts)
    return placement


def locked_for_placing(thread: Thread, actor: Actor) -> tuple[Policy, Thread]:
    """Policy and thread, locked.

    Raises `Forbidden` for whom it is not, `Closed` when either was withdrawn.
    """
    policy = lock_policy(thread.policy_id)
    thread = locked_thread(thread)
    if not may_draft(actor, policy):
        raise Forbidden(_("Only the drafters of this policy can place contributions."))
    require_under_way(policy)
    if thread.state == "withdrawn":
        raise Closed(_("The contribution was withdrawn"), _("This contribution was withdrawn."))
    return policy, thread


def standings_in(revision_id: int) -> list[Standing]:
    """Every thread not withdrawn, as it stands in a revision."""
    rows = db.session.execute(
        select(
            Thread.id,
            Thread.comment_count,
            Thread.support_count + Thread.oppose_count,
            Section.key,
            Placement.start,
            Placement.end,
            Placement.state,
            Placement.score,
            Placement.cause,
        )
        .join(ThreadPosition, ThreadPosition.thread_id == Thread.id)
        .join(Placement, Placement.id == ThreadPosition.placement_id)
        .outerjoin(Section, Section.id == Placement.section_id)
        .where(ThreadPosition.revision_id == revision_id, Thread.state != "withdrawn")
        .order_by(Thread.id)
    )
    return [Standing(*row) for row in rows]


def _parts_chosen(
    revision: Revision, section_key: str, start: int | None, end: int | None
) -> Sequence[Part]:
    parts = subtree_of(revision.id, section_key)
    if not parts:
        raise Invalid({"section": [_("This revision has no such section.")]})
    length = sum(len(part.text) for part in parts)
    whole = start is None and end is None
    if not whole and not (start is not None and end is not None and 0 <= start < end <= length):
        raise Invalid({"start": [_("These words do not lie in this section.")]})
    return parts


def _store(
    revision: Revision,
    standings: Sequence[Standing],
    places: Sequence[anchors.Placement],
    now: datetime,
) -> None:
    stands = _Sections(revision.id)
    rows = [
        {
            "thread_id": standing.thread_id,
            "revision_id": revision.id,
            "section_id": stands.ids.get(place.key or ""),
            "start": place.start,
            "end": place.end,
            "state": place.state,
            "score": place.score,
            "cause": place.cause,
            "placed_at": now,
        }
        for standing, place in zip(standings, places, strict=True)
    ]
    db.session.execute(insert(Placement), rows)
    placed = db.session.execute(
        select(Placement.thread_id, Placement.id).where(Placement.revision_id == revision.id)
    )
    placement_ids = dict(placed.all())
    blocks = [stands.block_of(place) for place in places]
    db.session.execute(
        insert(ThreadPosition),
        [
            {
                "thread_id": standing.thread_id,
                "revision_id": revision.id,
                "placement_id": placement_ids[standing.thread_id],
                "section_id": stands.ids.get(place.key or ""),
                "block_position": block,
                "state": place.state,
                "written_here": False,
                "liveliness": standing.comments + standing.endorsements,
            }
            for standing, place, block in zip(standings, places, blocks, strict=True)
        ],
    )
    _store_activity(revision, standings, blocks)


def _store_activity(
    revision: Revision, standings: Sequence[Standing], blocks: Sequence[int | None]
) -> None:
    threads: Counter[int] = Counter()
    comments: Counter[int] = Counter()
    for standing, block in zip(standings, blocks, strict=True):
        at = DOCUMENT if block is None else block
        threads[at] += 1
        comments[at] += standing.comments
    db.session.execute(
        insert(BlockActivity),
        [
            {
                "revision_id": revision.id,
                "block_position": at,
                "threads": threads[at],
                "comments": comments[at],
            }
            for at in sorted(threads)
        ],
    )


class _Sections:
    """The sections of a revision: ids by key, and which block shows which character."""

    def __init__(self, revision_id: int) -> None:
        stored = RevisionSection
        rows: Sequence[Any] = db.session.execute(
            select(Section.key, Section.id, stored.offset, stored.block_position)
            .join(Section, Section.id == stored.section_id)
            .where(stored.revision_id == revision_id)
            .order_by(stored.position)
        ).all()
        self.ids = {row.key: row.id for row in rows}
        self._offsets = [row.offset for row in rows]
        self._offset_of = {row.key: row.offset for row in rows}
        self._blocks = [row.block_position for row in rows]

    def block_of(self, place: anchors.Placement) -> int | None:
        if place.key is None:
            return None
        offset = self._offset_of[place.key] + (place.start or 0)
        return int(self._blocks[bisect_right(self._offsets, offset) - 1])
