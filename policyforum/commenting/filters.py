"""Conditions on threads and their places, for the queries."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from policyforum.commenting.models import Placement, Thread, ThreadPosition, Voice
from policyforum.commenting.placing import CONFIRMED_GONE
from policyforum.db.base import LARGEST_NUMBER
from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.policies.models import RevisionSection, Section


@dataclass(frozen=True, slots=True)
class ThreadFilter:
    """Which threads of a revision; None: whichever.

    `section_key`: standing in this section or inside it. `whole_document`: about no section.
    `placement`, `state`: one of the models' words. `mine`: the reader's own.
    """

    section_key: str | None = None
    whole_document: bool = False
    placement: str | None = None
    state: str | None = None
    mine: bool = False


def conditions(revision_id: int, actor: Actor, wanted: ThreadFilter) -> list[ColumnElement[bool]]:
    """What a filter asks of `Thread` and `ThreadPosition` rows of a revision."""
    found: list[ColumnElement[bool]] = []
    if wanted.section_key is not None:
        found.append(_inside(revision_id, wanted.section_key))
    if wanted.whole_document:
        found += [
            ThreadPosition.section_id.is_(None),
            ThreadPosition.state != "unplaced",
        ]
    if wanted.placement is not None:
        found.append(ThreadPosition.state == wanted.placement)
    if wanted.state is not None:
        found.append(Thread.state == wanted.state)
    if wanted.mine:
        own = select(Voice.id).where(Voice.account_id == (actor.account_id or 0))
        found.append(Thread.voice_id.in_(own))
    return found


def _inside(revision_id: int, section_key: str) -> ColumnElement[bool]:
    """Standing in the section or inside it, or beside a block that lies in it."""
    first, after = span_of(revision_id, section_key)
    within = select(RevisionSection.section_id).where(
        RevisionSection.revision_id == revision_id,
        RevisionSection.position >= first,
        RevisionSection.position < after,
    )
    beside = (ThreadPosition.block_position >= first) & (ThreadPosition.block_position < after)
    return or_(ThreadPosition.section_id.in_(within), beside)


def span_of(revision_id: int, section_key: str) -> tuple[int, int]:
    """Positions of a section and of what follows its last descendant; an empty span if unknown."""
    stored = RevisionSection
    first = None
    if "\x00" not in section_key:
        first = db.session.scalars(
            select(stored.position)
            .join(Section, Section.id == stored.section_id)
            .where(stored.revision_id == revision_id, Section.key == section_key)
        ).one_or_none()
    if first is None:
        return 0, 0
    after = db.session.scalar(
        select(func.min(stored.position)).where(
            stored.revision_id == revision_id,
            stored.position > first,
            or_(stored.parent_position.is_(None), stored.parent_position < first),
        )
    )
    return first, LARGEST_NUMBER if after is None else after


def is_shown() -> ColumnElement[bool]:
    """As `ledger.is_shown`."""
    return or_(Thread.state != "withdrawn", Thread.comment_count > 0)


def needs_a_person() -> ColumnElement[bool]:
    """No sure place, and nobody has said yet where it stands."""
    unconfirmed = (Placement.state == "unplaced") & (Placement.cause != CONFIRMED_GONE)
    return (Thread.state != "withdrawn") & or_(Placement.state == "doubtful", unconfirmed)


def at_latest_position() -> ColumnElement[bool]:
    """The position in the latest revision the thread has a place in."""
    latest = (
        select(func.max(ThreadPosition.revision_id))
        .where(ThreadPosition.thread_id == Thread.id)
        .correlate(Thread)
        .scalar_subquery()
    )
    return ThreadPosition.revision_id == latest
