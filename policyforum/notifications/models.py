"""What people are told: in the app at once, by e-mail through an outbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from policyforum.db.base import Base, IntPk, PublicId
from policyforum.policies.models import Policy


class Notification(Base):
    """A line of a person's inbox. The words are made when it is shown, in the reader's language."""

    __tablename__ = "notifications"
    __table_args__ = (
        Index("ix_notifications_account_id_id", "account_id", "id"),
        # Asked with every reply, whoever never looks into a full inbox.
        Index(
            "ix_notifications_unread",
            "account_id",
            "path",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )

    id: Mapped[IntPk]
    public_id: Mapped[PublicId]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id"))
    topic: Mapped[str] = mapped_column(String(40))
    facts: Mapped[dict[str, Any]]
    path: Mapped[str] = mapped_column(String(300))
    """Where it leads, on this site."""
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    policy: Mapped[Policy] = relationship()


class OutboxMail(Base):
    """An e-mail to be sent, written in the same transaction as its cause."""

    __tablename__ = "outbox_mails"
    __table_args__ = (Index("ix_outbox_mails_done_at_not_before", "done_at", "not_before"),)

    id: Mapped[IntPk]
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    """The Message-ID header: the same at every attempt, so that a double can be told."""
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    policy_id: Mapped[int | None] = mapped_column(ForeignKey("policies.id"))
    """None: written before this was noted."""
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")

    policy: Mapped[Policy | None] = relationship()
