"""Reading policies, revisions, their sections and rounds, through what the actor may see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from policyforum.db.base import LARGEST_NUMBER
from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.policies.models import (
    Policy,
    Revision,
    RevisionBlock,
    RevisionSection,
    Round,
    RoundChange,
    Section,
    SectionOrigin,
)
from policyforum.policies.permissions import may_see
from policyforum.policies.status import ever_consulted, status_expression
from policyforum.text import sections as text
from policyforum.text.keyed import KeyedSection
from policyforum.text.links import Reason
from policyforum.web.problems import NotFound


class BlockHead(NamedTuple):
    """The head of a piece of the reading page; `key` is its section's."""

    position: int
    kind: str
    number: str
    label: str
    heading: str
    key: str


def policy_by_slug(slug: str, actor: Actor) -> Policy:
    """The policy with its unit, current revision and round; `NotFound` if not for this actor."""
    if "\x00" in slug:
        raise NotFound
    policy = db.session.scalars(
        select(Policy)
        .where(Policy.slug == slug)
        .options(
            *where_it_stands(),
            joinedload(Policy.current_revision).joinedload(Revision.published_by),
        )
    ).one_or_none()
    if policy is None or not may_see(actor, policy):
        raise NotFound
    return policy


def where_it_stands() -> tuple[Any, ...]:
    """Options that load with a policy what its permissions and its state are told by."""
    return (
        joinedload(Policy.unit),
        joinedload(Policy.current_revision),
        joinedload(Policy.current_round),
    )


def revision_by_number(policy: Policy, number: int) -> Revision:
    """The policy's nth revision, or `NotFound`."""
    revision = None
    if 0 < number <= LARGEST_NUMBER:
        revision = db.session.scalars(
            select(Revision)
            .where(Revision.policy_id == policy.id, Revision.number == number)
            .options(joinedload(Revision.published_by))
        ).one_or_none()
    if revision is None:
        raise NotFound
    return revision


def current_revision(policy: Policy) -> Revision:
    """The policy's newest revision; raises `NotFound` before the first."""
    if policy.current_revision is None:
        raise NotFound
    return policy.current_revision


def revisions_of(policy: Policy) -> Sequence[Revision]:
    """All revisions, newest first, without their source."""
    return db.session.scalars(
        select(Revision)
        .where(Revision.policy_id == policy.id)
        .order_by(Revision.number.desc())
        .options(joinedload(Revision.published_by))
    ).all()


def sections_of(revision_id: int) -> Sequence[RevisionSection]:
    """The sections of a revision in order, each with its `section` (the key)."""
    return db.session.scalars(
        select(RevisionSection)
        .join(RevisionSection.section)
        .options(contains_eager(RevisionSection.section))
        .where(RevisionSection.revision_id == revision_id)
        .order_by(RevisionSection.position)
    ).all()


def keyed_sections(revision_id: int | None) -> list[KeyedSection]:
    """A revision's sections as the text functions take them; none for no revision."""
    if revision_id is None:
        return []
    stored = RevisionSection
    rows = db.session.execute(
        select(
            Section.key,
            stored.position,
            stored.parent_position,
            stored.kind,
            stored.number,
            stored.label,
            stored.heading,
            stored.offset,
            stored.text,
            stored.tokens,
        )
        .join(Section, Section.id == stored.section_id)
        .where(stored.revision_id == revision_id)
        .order_by(stored.position)
    )
    return [
        KeyedSection(row.key, text.Section(*tuple[Any, ...](row[1:-1])), row.tokens or b"")
        for row in rows
    ]


def chosen_sections(revision_id: int) -> set[str]:
    """The keys of a revision's sections whose origin a drafter chose."""
    return set(
        db.session.scalars(
            select(Section.key)
            .join(SectionOrigin, SectionOrigin.section_id == Section.id)
            .where(
                SectionOrigin.revision_id == revision_id, SectionOrigin.reason == Reason.OVERRIDE
            )
        )
    )


def section_ids(policy_id: int) -> dict[str, int]:
    """The id of every section a policy ever had, by key."""
    rows = db.session.execute(select(Section.key, Section.id).where(Section.policy_id == policy_id))
    return {row.key: row.id for row in rows}


def block_heads(revision_id: int) -> Sequence[BlockHead]:
    """What the pieces of the reading page are called, in order, without their HTML."""
    block = RevisionBlock
    rows = db.session.execute(
        select(block.position, block.kind, block.number, block.label, block.heading, Section.key)
        .join(Section, Section.id == block.section_id)
        .where(block.revision_id == revision_id)
        .order_by(block.position)
    )
    return [BlockHead(*row) for row in rows]


def rounds_of(policy: Policy) -> Sequence[Round]:
    """All rounds of a policy, newest first, each with its revision."""
    return db.session.scalars(
        select(Round)
        .where(Round.policy_id == policy.id)
        .order_by(Round.number.desc())
        .options(joinedload(Round.revision))
    ).all()


def latest_round(revision: Revision) -> Round | None:
    """The newest round on a revision, if it had one."""
    return db.session.scalars(
        select(Round)
        .where(Round.revision_id == revision.id)
        .order_by(Round.number.desc())
        .limit(1)
        .options(joinedload(Round.revision))
    ).one_or_none()


def changes_of(consultation: Round) -> Sequence[RoundChange]:
    """How a round's closing time was moved, oldest first."""
    return db.session.scalars(
        select(RoundChange)
        .where(RoundChange.round_id == consultation.id)
        .order_by(RoundChange.id)
        .options(joinedload(RoundChange.by))
    ).all()


def last_round_number(policy: Policy) -> int:
    """How many rounds the policy had so far."""
    return (
        db.session.scalar(select(func.max(Round.number)).where(Round.policy_id == policy.id)) or 0
    )


def status_of(policy: Policy, now: datetime) -> str:
    """One of `models.STATUSES`."""
    return db.session.scalars(select(status_expression(now)).where(Policy.id == policy.id)).one()


def was_consulted(policy: Policy) -> bool:
    """Whether any revision of the policy was open for contributions."""
    return bool(db.session.scalar(select(ever_consulted()).where(Policy.id == policy.id)))
