"""The city's units, the associations of its employees, and who holds which role where."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from policyforum.accounts.models import Account
from policyforum.db.base import Base, IntPk, PublicId

ROLES = (
    "admin",
    "drafter",
    "staff",
    "representative",
    "leader",
    "moderator",
    "auditor",
    "guest",
)

ONE_UNIT = text("unit_id IS NOT NULL AND until IS NULL")
"""Of the memberships that are not ended, those in a unit: a person has one."""


class Agency(Base):
    """A government that uses policyforum: one city today."""

    __tablename__ = "agencies"

    id: Mapped[IntPk]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))


class Unit(Base):
    """A work unit in the agency's tree (perangkat daerah, bidang, puskesmas, sekolah, …)."""

    __tablename__ = "units"

    id: Mapped[IntPk]
    public_id: Mapped[PublicId]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    path: Mapped[str] = mapped_column(String(400), index=True)
    """The ids from the root down to itself, as `/1/7/23/`: a prefix is a subtree."""
    headcount: Mapped[int | None]
    closed_at: Mapped[datetime | None]


class Association(Base):
    """A body of employees or experts that speaks for its members (KORPRI, PGRI, …)."""

    __tablename__ = "associations"

    id: Mapped[IntPk]
    public_id: Mapped[PublicId]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    member_count: Mapped[int | None]
    closed_at: Mapped[datetime | None]


class Membership(Base):
    """Where a person works, or which association they belong to, from when until when."""

    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint("(unit_id IS NULL) <> (association_id IS NULL)", name="one_body"),
        Index(
            "ix_memberships_one_unit",
            "account_id",
            unique=True,
            sqlite_where=ONE_UNIT,
            postgresql_where=ONE_UNIT,
        ),
    )

    id: Mapped[IntPk]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    association_id: Mapped[int | None] = mapped_column(ForeignKey("associations.id"), index=True)
    position: Mapped[str] = mapped_column(String(200), default="")
    since: Mapped[datetime]
    until: Mapped[datetime | None]

    account: Mapped[Account] = relationship()
    unit: Mapped[Unit | None] = relationship()
    association: Mapped[Association | None] = relationship()


class RoleGrant(Base):
    """A role with its scope (a unit's subtree, one policy, or all) and its term."""

    __tablename__ = "role_grants"
    __table_args__ = (
        CheckConstraint(f"role IN ({', '.join(repr(role) for role in ROLES)})", name="known_role"),
    )

    id: Mapped[IntPk]
    public_id: Mapped[PublicId]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    association_id: Mapped[int | None] = mapped_column(ForeignKey("associations.id"))
    policy_id: Mapped[int | None] = mapped_column(index=True)
    """A seat on one policy. No foreign key: policies are a floor above, and are never deleted."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    account: Mapped[Account] = relationship(foreign_keys=[account_id])
    unit: Mapped[Unit | None] = relationship()
    association: Mapped[Association | None] = relationship()
