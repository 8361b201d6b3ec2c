"""What leadership is advised, and what it decides."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from policyforum.accounts.models import Account
from policyforum.db.base import Base, IntPk, PublicId
from policyforum.policies.models import Revision

OUTCOMES = ("approved", "returned")


class Recommendation(Base):
    """The drafters' advice on a revision. Appended; the latest counts. Not a decision."""

    __tablename__ = "recommendations"

    id: Mapped[IntPk]
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    given_at: Mapped[datetime]
    given_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))

    given_by: Mapped[Account] = relationship()


class Decision(Base):
    """A leader's decision on a revision: one, final for that revision."""

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint(f"outcome IN ({', '.join(map(repr, OUTCOMES))})", name="known_outcome"),
    )

    id: Mapped[IntPk]
    public_id: Mapped[PublicId]
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), unique=True)
    outcome: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))

    revision: Mapped[Revision] = relationship()
    decided_by: Mapped[Account] = relationship()
