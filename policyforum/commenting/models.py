"""What people say about sections, and where it stands in every revision."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Float,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    and_,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from policyforum.accounts.models import Account
from policyforum.db.base import Base, IntPk, PublicId
from policyforum.policies.models import Policy, Revision, Section

VOICE_KINDS = ("person", "protected", "organisation", "guest", "paper")
THREAD_KINDS = ("question", "support", "objection", "proposal", "concern")
STANCES = ("support", "neutral", "oppose")
THREAD_STATES = ("open", "answered", "withdrawn", "hidden")
PLACEMENT_STATES = ("exact", "moved", "reworded", "doubtful", "unplaced")


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(repr(value) for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"known_{column}")


class Voice(Base):
    """Who speaks, as readers see them; contributions hang on it, never on an account.

    Name, unit and association are as they were when it first spoke.
    """

    __tablename__ = "voices"
    __table_args__ = (_one_of("kind", VOICE_KINDS),)

    id: Mapped[IntPk]
    public_id: Mapped[PublicId]
    kind: Mapped[str] = mapped_column(String(12))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    unit_name: Mapped[str] = mapped_column(String(200), default="")
    association_id: Mapped[int | None] = mapped_column(ForeignKey("associations.id"))
    association_name: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]

    account: Mapped[Account | None] = relationship()


class Thread(Base):
    """A conversation about a section, some of its words, or (no section) the whole document."""

    __tablename__ = "threads"
    __table_args__ = (
        _one_of("kind", THREAD_KINDS),
        _one_of("stance", STANCES),
        _one_of("state", THREAD_STATES),
        UniqueConstraint("policy_id", "number"),
        Index("ix_threads_round_id_settled_at", "round_id", "settled_at"),
        Index("ix_threads_voice_id_id", "voice_id", "id"),
    )

    id: Mapped[IntPk]
    public_id: Mapped[PublicId]
    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id"))
    number: Mapped[int]
    """The contribution's number within the policy, for citing."""
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    """The revision its author had before them."""
    round_id: Mapped[int | None] = mapped_column(ForeignKey("rounds.id"))
    """The round it was given in; none for a drafter's note outside a round."""
    section_id: Mapped[int | None] = mapped_column(ForeignKey("sections.id"))
    section_label: Mapped[str] = mapped_column(Text, default="")
    voice_id: Mapped[int] = mapped_column(ForeignKey("voices.id"))
    kind: Mapped[str] = mapped_column(String(10))
    stance: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default="open")
    quote_exact: Mapped[str | None] = mapped_column(Text)
    """The commented words as they stand in the source; none: the whole section."""
    quote_prefix: Mapped[str] = mapped_column(Text, default="")
    quote_suffix: Mapped[str] = mapped_column(Text, default="")
    quote_start: Mapped[int | None]
    quote_end: Mapped[int | None]
    """Both count from the section's offset in its base revision."""
    suggestion: Mapped[str | None] = mapped_column(Text)
    """Proposed wording instead of the quote (or instead of the whole section)."""
    created_at: Mapped[datetime]
    active_at: Mapped[datetime]
    comment_count: Mapped[int] = mapped_column(default=1)
    support_count: Mapped[int] = mapped_column(default=0)
    oppose_count: Mapped[int] = mapped_column(default=0)
    settled_at: Mapped[datetime | None]
    """When it first had a disposition, or was withdrawn: nothing waits on it any more."""

    policy: Mapped[Policy] = relationship()
    revision: Mapped[Revision] = relationship()
    section: Mapped[Section | None] = relationship()
    voice: Mapped[Voice] = relationship()

    @hybrid_property
    def waits(self) -> bool:
        """Whether a disposition is due: it was given in a round, and none settled it yet."""
        return self.round_id is not None and self.settled_at is None

    @waits.inplace.expression
    @classmethod
    def _waits(cls) -> ColumnElement[bool]:
        return and_(cls.round_id.is_not(None), cls.settled_at.is_(None))


class Comment(Base):
    """One contribution in a thread. Rendered and sanitised once, when written."""

    __tablename__ = "comments"
    __table_args__ = (Index("ix_comments_thread_id_id", "thread_id", "id"),)

    id: Mapped[IntPk]
    public_id: Mapped[PublicId]
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"))
    """None for the comment that opened the thread."""
    voice_id: Mapped[int] = mapped_column(ForeignKey("voices.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    depth: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    hidden_reason: Mapped[str] = mapped_column(Text, default="")

    thread: Mapped[Thread] = relationship()
    voice: Mapped[Voice] = relationship()


class CommentVersion(Base):
    """A comment's earlier words."""

    __tablename__ = "comment_versions"

    id: Mapped[IntPk]
    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]


class Endorsement(Base):
    """Somebody else's stance on a thread, by one press; the latest counts."""

    __tablename__ = "endorsements"
    __table_args__ = (
        UniqueConstraint("thread_id", "voice_id"),
        CheckConstraint("stance IN ('support', 'oppose')", name="known_stance"),
        Index("ix_endorsements_voice_id_thread_id", "voice_id", "thread_id"),
    )

    id: Mapped[IntPk]
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"))
    voice_id: Mapped[int] = mapped_column(ForeignKey("voices.id"))
    stance: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]


class Placement(Base):
    """A line of the anchor ledger: where a thread stands in a revision. The latest counts."""

    __tablename__ = "placements"
    __table_args__ = (
        _one_of("state", PLACEMENT_STATES),
        Index("ix_placements_thread_id_id", "thread_id", "id"),
    )

    id: Mapped[IntPk]
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    section_id: Mapped[int | None] = mapped_column(ForeignKey("sections.id"))
    start: Mapped[int | None]
    end: Mapped[int | None]
    """Both count from that section's offset; none: the whole section."""
    state: Mapped[str] = mapped_column(String(10))
    score: Mapped[float] = mapped_column(Float)
    cause: Mapped[str] = mapped_column(String(60))
    placed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    """None: by the program, when the revision was published."""
    placed_at: Mapped[datetime]

    revision: Mapped[Revision] = relationship()
    section: Mapped[Section | None] = relationship()
    placed_by: Mapped[Account | None] = relationship()


class PlannedPlacement(Base):
    """Where a drafter says a thread will stand in the next revision. Gone once it is published."""

    __tablename__ = "planned_placements"

    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"), primary_key=True)
    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id"), index=True)
    version: Mapped[int]
    """The save of the draft whose sections are counted."""
    position: Mapped[int | None]
    """None: its words are gone."""
    exact: Mapped[str] = mapped_column(Text)
    """The words it is about; "": the whole section."""
    planned_at: Mapped[datetime]
    planned_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))


class ThreadPosition(Base):
    """The placement that counts now, for each (thread, revision): kept for reading pages."""

    __tablename__ = "thread_positions"
    __table_args__ = (
        Index("ix_thread_positions_revision_id_state", "revision_id", "state"),
        Index(
            "ix_thread_positions_liveliest",
            "revision_id",
            "block_position",
            "written_here",
            "liveliness",
            "thread_id",
        ),
    )

    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"), primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id"))
    section_id: Mapped[int | None] = mapped_column(ForeignKey("sections.id"))
    block_position: Mapped[int | None]
    """The block it stands beside; none: the document, or no place yet."""
    state: Mapped[str] = mapped_column(String(10))
    written_here: Mapped[bool]
    """Whether its author had this very revision before them: such threads are shown first."""
    liveliness: Mapped[int]
    """The thread's comments and endorsements: the more there are, the sooner it is shown."""

    placement: Mapped[Placement] = relationship()
    thread: Mapped[Thread] = relationship()


class BlockActivity(Base):
    """How much is said beside a block: kept when written, so that pages needn't count."""

    __tablename__ = "block_activity"

    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), primary_key=True)
    block_position: Mapped[int] = mapped_column(primary_key=True)
    """-1 for the whole document and for what has no place."""
    threads: Mapped[int] = mapped_column(default=0)
    comments: Mapped[int] = mapped_column(default=0)


class BodyActivity(Base):
    """How much came from a unit or an association, kept as `BlockActivity`.

    What was withdrawn or hidden does not count. A body's id is 0 where there is none: what a
    representative says counts for the association alone.
    """

    __tablename__ = "body_activity"

    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), primary_key=True)
    """The revision the threads were opened on."""
    association_id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(primary_key=True)
    threads: Mapped[int] = mapped_column(default=0)
    comments: Mapped[int] = mapped_column(default=0)
