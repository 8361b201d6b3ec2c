"""Threads, comments and the ledger of their places."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from policyforum.api.schemas.base import Count, In, Listed, Moment, Out, Paging, Text, words
from policyforum.commenting.gates import LONGEST_COMMENT
from policyforum.commenting.opening import LONGEST_SUGGESTION
from policyforum.commenting.passages import LONGEST_QUOTE

ThreadKind = Literal["question", "support", "objection", "proposal", "concern"]
Stance = Literal["support", "neutral", "oppose"]
ThreadState = Literal["open", "answered", "withdrawn", "hidden"]
PlacementState = Literal["exact", "moved", "reworded", "doubtful", "unplaced"]


class NewQuote(In):
    """Words from the source or as they are read, white space aside. `start` counts from the
    section's `offset`; it and the surroundings tell which occurrence is meant."""

    exact: Text = words(LONGEST_QUOTE)
    prefix: Text = Field("", json_schema_extra={"maxLength": LONGEST_QUOTE})
    suffix: Text = Field("", json_schema_extra={"maxLength": LONGEST_QUOTE})
    start: Count | None = None


class NewSuggestion(In):
    """Wording proposed instead of the quote or the section; "" proposes to leave it out."""

    replacement: Text = Field(json_schema_extra={"maxLength": LONGEST_SUGGESTION})


class NewThread(In):
    """A contribution to a section (its key), or with null to the whole document."""

    section: Text | None
    body: Text = words(LONGEST_COMMENT, "Markdown.")
    quote: NewQuote | None = None
    kind: ThreadKind | None = None
    stance: Stance | None = None
    suggestion: NewSuggestion | None = None
    identity: Literal["named"] = "named"


class ThreadQuery(Paging):
    section: Text | None = Field(
        None, description="A section's key, its descendants included, or `document`."
    )
    placement: PlacementState | None = None
    state: ThreadState | None = None
    author: Literal["me"] | None = None


class Author(Out):
    """Who spoke, as it was then."""

    name: str
    unit: str
    association: str
    kind: Literal["person", "protected", "organisation", "guest", "paper"]
    is_drafter: bool
    is_me: bool


class Comment(Out):
    """A comment; one that is withdrawn or hidden keeps its place, without its words."""

    id: str
    thread: str
    parent: str | None
    author: Author
    body: str
    html: str
    created_at: Moment
    edited_at: Moment | None
    withdrawn_at: Moment | None
    hidden_at: Moment | None
    hidden_reason: str
    url: str


class Quote(Out):
    """Words of the source; `start` and `end` count from the section's `offset`."""

    exact: str
    prefix: str
    suffix: str
    start: int | None
    end: int | None


class Suggestion(Out):
    replacement: str


class Placement(Out):
    """Where a thread stands in a revision. `placed_by`: null when the program placed it."""

    revision: int
    section: str | None
    label: str
    start: int | None
    end: int | None
    state: PlacementState
    score: float
    cause: str
    placed_by: str | None
    placed_at: Moment


class PlacementList(Listed[Placement]):
    """The ledger, oldest first; the latest line for a revision counts."""


class Thread(Out):
    """A thread. `revision`, `section` and `quote` are what its author had before them;
    `placement` is where it stands in the revision asked for, else in the latest."""

    id: str
    number: int
    url: str
    policy: str
    revision: int
    section: str | None
    label: str
    quote: Quote | None
    kind: ThreadKind
    stance: Stance
    suggestion: Suggestion | None
    state: ThreadState
    support_count: int
    oppose_count: int
    comment_count: int
    created_at: Moment
    comments: list[Comment]
    placement: Placement


class ThreadList(Listed[Thread]):
    pass


class NewComment(In):
    """A reply; `parent` null answers the thread's first comment."""

    body: Text = words(LONGEST_COMMENT, "Markdown.")
    parent: Text | None = None


class CommentUpdate(In):
    body: Text = words(LONGEST_COMMENT, "Markdown.")
