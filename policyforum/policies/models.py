"""The record: policies, the identity of their sections, immutable revisions, rounds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from policyforum.accounts.models import Account
from policyforum.db.base import Base, CompressedText, IntPk, PublicId
from policyforum.organisation.models import Unit

KINDS = ("perwal", "perda", "kepwal", "surat-edaran", "pedoman", "generic")
VISIBILITIES = ("public", "staff", "invited")
STATUSES = (
    "drafting",
    "consulting",
    "consolidating",
    "deciding",
    "approved",
    "returned",
    "withdrawn",
)


def round_state(
    opens_at: datetime, closes_at: datetime, concluded_at: datetime | None, now: datetime
) -> str:
    """scheduled, open, closed (no more comments), concluded (all answered)."""
    if concluded_at is not None:
        return "concluded"
    if now < opens_at:
        return "scheduled"
    return "open" if now < closes_at else "closed"


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(repr(value) for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"known_{column}")


class Policy(Base):
    """A policy file. Its pointers (current revision, round, decision) move; the record doesn't."""

    __tablename__ = "policies"
    __table_args__ = (_one_of("kind", KINDS), _one_of("visibility", VISIBILITIES))

    id: Mapped[IntPk]
    public_id: Mapped[PublicId]
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    """The initiating unit (pemrakarsa); none: the city's."""
    title: Mapped[str] = mapped_column(String(500))
    summary: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[str] = mapped_column(String(20))
    visibility: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(5), default="id")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")
    current_revision_id: Mapped[int | None] = mapped_column(
        ForeignKey("revisions.id", use_alter=True)
    )
    current_round_id: Mapped[int | None] = mapped_column(ForeignKey("rounds.id", use_alter=True))
    """The newest round of the current revision, if it has one."""
    decision_outcome: Mapped[str | None] = mapped_column(String(10))
    """The leader's decision on the current revision, until the next revision."""

    unit: Mapped[Unit | None] = relationship()
    current_revision: Mapped[Revision | None] = relationship(foreign_keys=[current_revision_id])
    current_round: Mapped[Round | None] = relationship(foreign_keys=[current_round_id])

    @property
    def unit_path(self) -> str | None:
        return self.unit.path if self.unit else None


class Section(Base):
    """What stays the same thing through renumbering, moving and rewording: its key is for ever."""

    __tablename__ = "sections"

    id: Mapped[IntPk]
    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id"), index=True)
    key: Mapped[str] = mapped_column(String(24), unique=True)


class Revision(Base):
    """A published text. Never changes once it is there."""

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("policy_id", "number"),)

    id: Mapped[IntPk]
    public_id: Mapped[PublicId]
    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id"), index=True)
    number: Mapped[int]
    source: Mapped[str] = deferred(mapped_column(CompressedText))
    source_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the source as UTF-8, in hexadecimal."""
    language: Mapped[str] = mapped_column(String(5), default="id")
    change_note: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime]
    published_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    article_count: Mapped[int] = mapped_column(default=0)
    """How many Pasal it has; of a text without, how many headings."""
    change_totals: Mapped[dict[str, Any]]
    """Counts against the revision before, as of `Comparison.totals`; {} for the first."""

    policy: Mapped[Policy] = relationship(foreign_keys=[policy_id])
    published_by: Mapped[Account] = relationship()


class RevisionSection(Base):
    """A section as one revision words it. In order of position the texts join to the source."""

    __tablename__ = "revision_sections"
    __table_args__ = (
        UniqueConstraint("revision_id", "position"),
        UniqueConstraint("revision_id", "section_id"),
    )

    id: Mapped[IntPk]
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"), index=True)
    position: Mapped[int]
    parent_position: Mapped[int | None]
    block_position: Mapped[int]
    """Position of the section whose block shows this one (a Pasal for its ayat)."""
    kind: Mapped[str] = mapped_column(String(20))
    number: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(Text)
    heading: Mapped[str] = mapped_column(Text)
    offset: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = deferred(mapped_column(Text))
    hash: Mapped[str] = mapped_column(String(64))
    tokens: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    """The text cut into words once, as `text.words.pack` writes it; none: cut when compared."""
    origin_state: Mapped[str] = mapped_column(String(10))
    """new same edited moved split merged: against the revision before."""

    section: Mapped[Section] = relationship()


class SectionOrigin(Base):
    """From which earlier sections a section came: many to many, for splits and merges."""

    __tablename__ = "section_origins"
    __table_args__ = (UniqueConstraint("revision_id", "section_id", "previous_section_id"),)

    id: Mapped[IntPk]
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), index=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"))
    previous_section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"))
    score: Mapped[float]
    reason: Mapped[str] = mapped_column(String(60))


class RevisionBlock(Base):
    """The stored HTML of what a reader sees as one piece: a Pasal, the head of a BAB, …"""

    __tablename__ = "revision_blocks"
    __table_args__ = (UniqueConstraint("revision_id", "position"),)

    id: Mapped[IntPk]
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"))
    position: Mapped[int]
    """The section's position in the revision."""
    kind: Mapped[str] = mapped_column(String(20))
    number: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(Text)
    heading: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)

    section: Mapped[Section] = relationship()


class Reading(Base):
    """How far somebody has read a policy: for themselves alone, never shown to anybody else."""

    __tablename__ = "readings"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id"), primary_key=True)
    number: Mapped[int]
    """The newest revision they have read."""
    before: Mapped[int | None]
    """The newest they had read when they came to that one."""


class Round(Base):
    """A consultation round on one revision."""

    __tablename__ = "rounds"
    __table_args__ = (
        UniqueConstraint("policy_id", "number"),
        _one_of("audience", VISIBILITIES),
        Index("ix_rounds_revision_id", "revision_id"),
    )

    id: Mapped[IntPk]
    public_id: Mapped[PublicId]
    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    number: Mapped[int]
    """Counted through the policy: the second round may be on revision 2 or still on 1."""
    audience: Mapped[str] = mapped_column(String(10))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    """Moved to the moment of closing when it is closed early."""
    concluded_at: Mapped[datetime | None]
    threads: Mapped[int] = mapped_column(default=0)
    """How many threads were opened in it."""
    waiting: Mapped[int] = mapped_column(default=0)
    """How many of them, not withdrawn, have no disposition yet."""
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))

    revision: Mapped[Revision] = relationship(foreign_keys=[revision_id])

    def state(self, now: datetime) -> str:
        """One of scheduled, open, closed, concluded (see `round_state`)."""
        return round_state(self.opens_at, self.closes_at, self.concluded_at, now)


class RoundChange(Base):
    """A round was extended or closed early: from when to when, by whom."""

    __tablename__ = "round_changes"

    id: Mapped[IntPk]
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    closes_before: Mapped[datetime]
    closes_after: Mapped[datetime]

    by: Mapped[Account] = relationship()
