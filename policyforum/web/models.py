"""What was sent, remembered, so that sending it again does nothing twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from policyforum.db.base import Base, IntPk


class Submission(Base):
    """One form or API call that was carried out, with its answer."""

    __tablename__ = "submissions"
    __table_args__ = (UniqueConstraint("account_id", "key"),)

    id: Mapped[IntPk]
    account_id: Mapped[int]
    key: Mapped[str] = mapped_column(String(200))
    request_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of method, path and body: the same key with another request is refused."""
    status: Mapped[int]
    answer: Mapped[str] = mapped_column(Text)
    """A form's: the path it led to. An API call's: the JSON body."""
    at: Mapped[datetime]
