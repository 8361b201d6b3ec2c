"""What readers see of contributions: frozen values for templates and the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from policyforum.text.spans import Span

LIKELY: Final = 0.5


@dataclass(frozen=True, slots=True)
class AuthorView:
    """Who spoke, as it was then. `is_drafter`: one of the policy's drafters at that time."""

    name: str
    unit: str
    association: str
    kind: str
    is_drafter: bool
    is_me: bool

    @property
    def origin(self) -> str:
        """The body beside the name: the association spoken for, else the unit."""
        return self.association or self.unit


@dataclass(frozen=True, slots=True)
class CommentView:
    """One contribution. Withdrawn or hidden ones have no words, only when and why.

    `replying_to`: whom it answers, where nesting is no longer shown.
    """

    id: str
    parent: str | None
    author: AuthorView
    body: str
    html: str
    depth: int
    replying_to: str
    created_at: datetime
    edited_at: datetime | None
    withdrawn_at: datetime | None
    hidden_at: datetime | None
    hidden_reason: str

    @property
    def is_gone(self) -> bool:
        return self.withdrawn_at is not None or self.hidden_at is not None


@dataclass(frozen=True, slots=True)
class PlacementView:
    """A line of the ledger: where a thread stands in a revision. `placed_by`: "" the program."""

    revision: int
    section_key: str | None
    section_label: str
    start: int | None
    end: int | None
    state: str
    score: float
    cause: str
    placed_by: str
    placed_at: datetime

    @property
    def is_likely(self) -> bool:
        """Whether the place is more probably right than wrong."""
        return self.score >= LIKELY

    @property
    def needs_a_person(self) -> bool:
        """Whether nobody has confirmed a place that the program was not sure of."""
        unplaced = self.state == "unplaced" and not self.placed_by
        return self.state == "doubtful" or unplaced


@dataclass(frozen=True, slots=True)
class ThreadView:
    """A thread as it stands in one revision, with its first comments.

    `revision`: the number its author had before them. `section_key`, `section_label`, `place`:
    where it stands in the revision shown; `place` is the label within the block ("ayat (3)").
    `quote`: the words as its author saw them. `wording`: the proposal as changes to those words.
    `more_replies`: how many comments are not among `comments`. `my_stance`: the reader's own
    endorsement.
    """

    id: str
    row_id: int
    number: int
    revision: int
    section_key: str | None
    section_label: str
    block_position: int | None
    place: str
    first_label: str
    quote: str | None
    quote_start: int | None
    quote_end: int | None
    suggestion: str | None
    wording: Sequence[Span]
    kind: str
    stance: str
    state: str
    placement: PlacementView
    support_count: int
    oppose_count: int
    comment_count: int
    my_stance: str | None
    created_at: datetime
    settled_at: datetime | None
    comments: tuple[CommentView, ...]
    more_replies: int

    @property
    def path(self) -> str:
        """The thread's own page."""
        return f"/threads/{self.id}"

    @property
    def opening(self) -> CommentView:
        return self.comments[0]

    @property
    def replies(self) -> tuple[CommentView, ...]:
        return self.comments[1:]

    @property
    def author(self) -> AuthorView:
        return self.comments[0].author

    def opening_alone(self) -> ThreadView:
        """The same without its replies."""
        standing = sum(1 for reply in self.replies if reply.withdrawn_at is None)
        return replace(self, comments=self.comments[:1], more_replies=self.more_replies + standing)


@dataclass(frozen=True, slots=True)
class Rights:
    """What the reader may do on this page: asked once, for all its threads.

    `may_speak`: new contributions and replies on the revision shown; `always`: also elsewhere.
    """

    revision: int | None
    may_speak: bool
    always: bool
    may_moderate: bool
    may_place: bool

    def may_reply(self, thread: ThreadView) -> bool:
        """Whether the reader may answer in this thread, or endorse it."""
        if thread.state in ("withdrawn", "hidden"):
            return False
        return self.always or (self.may_speak and thread.revision == self.revision)
