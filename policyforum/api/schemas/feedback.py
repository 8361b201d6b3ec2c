"""Feedback items, dispositions, the response matrix."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from policyforum.api.schemas.base import In, Listed, Moment, Ordinal, Out, Query, Text, words
from policyforum.api.schemas.threads import Stance, ThreadKind
from policyforum.consolidation.gathering import LONGEST_SUMMARY
from policyforum.consolidation.services import LONGEST_REASON

Outcome = Literal[
    "accepted", "partly", "rejected", "already_covered", "out_of_scope", "deferred", "merged"
]


class NewFeedback(In):
    """One matter raised by one or many threads of the policy."""

    revision: Ordinal
    summary: Text = words(LONGEST_SUMMARY)
    threads: list[Text] = Field(description="Ids.", json_schema_extra={"minItems": 1})
    section: Text | None = Field(None, description="A key; null takes the first thread's section.")


class NewDisposition(In):
    """`reason` may be left out only when accepted. `wording`: what goes into the next draft
    instead of what was proposed. `summary`: null leaves the item's as it is."""

    outcome: Outcome
    reason: Text | None = Field(None, json_schema_extra={"maxLength": LONGEST_REASON})
    response: Text | None = Field(
        None, description="Markdown.", json_schema_extra={"maxLength": LONGEST_REASON}
    )
    wording: Text | None = Field(None, json_schema_extra={"maxLength": LONGEST_REASON})
    summary: Text | None = Field(None, json_schema_extra={"maxLength": LONGEST_SUMMARY})


class Disposition(Out):
    outcome: Outcome
    reason: str
    wording: str | None
    decided_at: Moment
    decided_by: str


class ChangedWords(Out):
    """Where an item changed the text; `start` and `end` count from the section's `offset`."""

    revision: int
    section: str
    label: str
    start: int | None
    end: int | None
    text: str
    url: str


class Feedback(Out):
    """A feedback item. `summary`: empty while it repeats words that were withdrawn or hidden.
    `response` is Markdown, null while there is none."""

    id: str
    number: int
    url: str
    revision: int
    section: str | None
    summary: str
    threads: list[str]
    disposition: Disposition | None
    response: str | None
    response_html: str | None
    changes: list[ChangedWords]
    created_at: Moment


class MatrixQuery(Query):
    revision: int | None = Field(None, ge=1, description="By default the current one.")
    format: Literal["json", "csv"] = "json"


class MatrixContribution(Out):
    """One contribution that an item answers."""

    thread: str
    number: int
    contributor: str
    kind: ThreadKind
    stance: Stance
    body: str
    suggestion: str | None


class MatrixRow(Out):
    """One feedback item; texts are as a reader sees them."""

    id: str
    number: int
    url: str
    summary: str
    section: str | None
    label: str
    text_before: str
    contributions: list[MatrixContribution]
    outcome: Outcome | None
    reason: str
    response: str
    text_after: str
    changes: list[ChangedWords]
    decided_at: Moment | None
    decided_by: str


class Matrix(Listed[MatrixRow]):
    """The response matrix of a revision, whole."""

    revision: int
