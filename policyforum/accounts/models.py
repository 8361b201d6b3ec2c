"""People and the ways they come in: passwords, sessions, API tokens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from policyforum.db.base import Base, IntPk, PublicId


class Account(Base):
    """One person. What they may do is told by role grants, where they work by memberships."""

    __tablename__ = "accounts"

    id: Mapped[IntPk]
    public_id: Mapped[PublicId]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    """Lower case; the name people sign in with."""
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    temporary_until: Mapped[datetime | None]
    """Until when a password that somebody else has set opens; it must be changed at once."""
    locale: Mapped[str | None] = mapped_column(String(5))
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None


class LoginSession(Base):
    """One signed-in device. The cookie carries a token; only its hash is kept here."""

    __tablename__ = "login_sessions"

    id: Mapped[IntPk]
    public_id: Mapped[PublicId]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    agent: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(64))
    """The network the device came from, its last part cut off."""
    revoked_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()


class ApiToken(Base):
    """A key for programs acting as a person. Only its hash is kept."""

    __tablename__ = "api_tokens"

    id: Mapped[IntPk]
    public_id: Mapped[PublicId]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    label: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()


class SignInAttempt(Base):
    """A wrong password, remembered to slow the next tries down."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        Index("ix_sign_in_attempts_email_hash_at", "email_hash", "at"),
        Index("ix_sign_in_attempts_address_at", "address", "at"),
    )

    id: Mapped[IntPk]
    email_hash: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
