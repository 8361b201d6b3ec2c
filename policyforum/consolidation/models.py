"""From contributions to answers: feedback items, dispositions, answers, and what they changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from policyforum.accounts.models import Account
from policyforum.commenting.models import Thread
from policyforum.db.base import Base, IntPk, PublicId
from policyforum.policies.models import Policy, Revision, Section

OUTCOMES = (
    "accepted",
    "partly",
    "rejected",
    "already_covered",
    "out_of_scope",
    "deferred",
    "merged",
)
TAKEN_UP = ("accepted", "partly")
"""The outcomes that change the text."""
WORK_STATES = ("drafted", "reviewed", "published")


class FeedbackItem(Base):
    """One matter raised by one or many threads, to be disposed of once."""

    __tablename__ = "feedback_items"
    __table_args__ = (UniqueConstraint("policy_id", "number"),)

    id: Mapped[IntPk]
    public_id: Mapped[PublicId]
    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), index=True)
    section_id: Mapped[int | None] = mapped_column(ForeignKey("sections.id"))
    number: Mapped[int]
    summary: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(String(20))
    """The latest disposition's, kept here for lists; none while undecided."""
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))

    policy: Mapped[Policy] = relationship()
    revision: Mapped[Revision] = relationship()
    section: Mapped[Section | None] = relationship()


class FeedbackThread(Base):
    """Which threads an item gathers: many to many."""

    __tablename__ = "feedback_threads"

    item_id: Mapped[int] = mapped_column(ForeignKey("feedback_items.id"), primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"), primary_key=True, index=True)

    item: Mapped[FeedbackItem] = relationship()
    thread: Mapped[Thread] = relationship()


class Disposition(Base):
    """What is done with an item, and why. Appended; the latest counts."""

    __tablename__ = "dispositions"
    __table_args__ = (
        CheckConstraint(f"outcome IN ({', '.join(map(repr, OUTCOMES))})", name="known_outcome"),
        CheckConstraint(f"state IN ({', '.join(map(repr, WORK_STATES))})", name="known_state"),
        Index("ix_dispositions_item_id_id", "item_id", "id"),
    )

    id: Mapped[IntPk]
    item_id: Mapped[int] = mapped_column(ForeignKey("feedback_items.id"))
    outcome: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    wording: Mapped[str | None] = mapped_column(Text)
    """The wording that goes into the next draft instead of the commented words, when it is
    another than the one proposed."""
    state: Mapped[str] = mapped_column(String(10))
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))

    item: Mapped[FeedbackItem] = relationship()
    decided_by: Mapped[Account] = relationship()


class Answer(Base):
    """The answer in words to those who raised an item. Appended; the latest counts."""

    __tablename__ = "answers"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(map(repr, WORK_STATES))})", name="known_state"),
        Index("ix_answers_item_id_id", "item_id", "id"),
    )

    id: Mapped[IntPk]
    item_id: Mapped[int] = mapped_column(ForeignKey("feedback_items.id"))
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    written_at: Mapped[datetime]
    written_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))


class AppliedSuggestion(Base):
    """A proposed wording that went into the working draft, so that it goes in only once."""

    __tablename__ = "applied_suggestions"
    __table_args__ = (UniqueConstraint("item_id", "thread_id"),)

    id: Mapped[IntPk]
    item_id: Mapped[int] = mapped_column(ForeignKey("feedback_items.id"))
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"))
    draft_version: Mapped[int]
    applied_at: Mapped[datetime]
    applied_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))


class ChangeLink(Base):
    """The words of a later revision that an item changed."""

    __tablename__ = "change_links"
    __table_args__ = (Index("ix_change_links_revision_id_section_id", "revision_id", "section_id"),)

    id: Mapped[IntPk]
    item_id: Mapped[int] = mapped_column(ForeignKey("feedback_items.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"))
    start: Mapped[int | None]
    end: Mapped[int | None]
    """Both count from the section's offset in that revision; none: the whole section."""
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime]

    item: Mapped[FeedbackItem] = relationship()
    revision: Mapped[Revision] = relationship()
    section: Mapped[Section] = relationship()
