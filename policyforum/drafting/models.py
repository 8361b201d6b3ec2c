"""Working texts: every save of a draft is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from policyforum.accounts.models import Account
from policyforum.db.base import Base, CompressedText, IntPk
from policyforum.policies.models import Policy

CAUSES = (
    "created",
    "imported",
    "typed",
    "merged",
    "aside",
    "restored",
    "drawn_up",
    "published",
)
"""`aside`: kept for its author because it could not be merged; never the draft in force."""


class Draft(Base):
    """A policy's one working draft: points to the save in force."""

    __tablename__ = "drafts"

    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id"), primary_key=True)
    version: Mapped[int]
    based_on: Mapped[int | None]
    """Number of the revision it goes on from; none before the first."""

    policy: Mapped[Policy] = relationship()


class DraftSave(Base):
    """The draft as somebody saved it. Appended, never changed."""

    __tablename__ = "draft_saves"
    __table_args__ = (
        UniqueConstraint("policy_id", "version"),
        CheckConstraint(f"cause IN ({', '.join(map(repr, CAUSES))})", name="known_cause"),
    )

    id: Mapped[IntPk]
    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id"))
    version: Mapped[int]
    base_version: Mapped[int | None]
    """The version its author had before them; differs from version - 1 after a merge."""
    cause: Mapped[str] = mapped_column(String(10))
    source: Mapped[str] = deferred(mapped_column(CompressedText))
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    saved_by: Mapped[Account | None] = relationship()


class OriginChoice(Base):
    """Which earlier section one of the draft's continues, as drafters said; gone once published."""

    __tablename__ = "origin_choices"
    __table_args__ = (UniqueConstraint("policy_id", "version", "position"),)

    id: Mapped[IntPk]
    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id"))
    version: Mapped[int]
    """The save whose sections are counted."""
    position: Mapped[int]
    previous_section_id: Mapped[int | None] = mapped_column(ForeignKey("sections.id"))
    """None: a new section."""
    chosen_at: Mapped[datetime]
    chosen_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
