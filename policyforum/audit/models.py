"""The append-only record: entries chained by hash, and the one head they are appended through."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from policyforum.db.base import Base


class AuditEntry(Base):
    """One thing that happened; `hash` is made from all the others, as `audit.chain` says."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_policy_seq", "policy", "seq"),
        Index("ix_audit_entries_verb_seq", "verb", "seq"),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[str] = mapped_column(String(24))
    """Public id of the account; "" for the program itself."""
    verb: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(80))
    policy: Mapped[str] = mapped_column(String(24))
    """Public id of the policy; "" where none is concerned."""
    facts: Mapped[str] = mapped_column(Text)
    """Canonical JSON: ids, numbers, hashes and salted commitments; never text or names."""
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class AuditHead(Base):
    """The last entry. Locked by whoever appends, so that the chain has no forks."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class AuditTreeHead(Base):
    """What was said in public about the first `size` entries, signed; kept to be shown again."""

    __tablename__ = "audit_tree_heads"

    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text)
    """The signed note, as it was mailed (see `notes`)."""
    key: Mapped[str] = mapped_column(String(64))
    """The public key it was signed with, in hexadecimal."""
    peaks: Mapped[str] = mapped_column(Text)
    """Roots of the tree's full subtrees in hexadecimal, so that the next head goes on from here."""


class AuditSalt(Base):
    """What opens a commitment. Erasing a text erases its salt; the chain stays whole."""

    __tablename__ = "audit_salts"

    commitment: Mapped[str] = mapped_column(String(64), primary_key=True)
    seq: Mapped[int] = mapped_column(ForeignKey("audit_entries.seq"), index=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
