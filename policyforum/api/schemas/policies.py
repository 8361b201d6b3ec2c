"""Policies, their revisions, rounds and comparisons."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from policyforum.api.schemas.base import (
    Count,
    In,
    Listed,
    Moment,
    Out,
    Paging,
    SentMoment,
    Text,
    words,
)
from policyforum.drafting.services import LARGEST_SOURCE, LONGEST_NOTE
from policyforum.policies.services import LONGEST_SUMMARY, LONGEST_TITLE
from policyforum.web.texts import LONGEST_SEARCH

Kind = Literal["perwal", "perda", "kepwal", "surat-edaran", "pedoman", "generic"]
Visibility = Literal["public", "staff", "invited"]
Status = Literal[
    "drafting", "consulting", "consolidating", "deciding", "approved", "returned", "withdrawn"
]
LineageState = Literal["new", "same", "edited", "moved", "split", "merged"]


class NewPolicy(In):
    """A policy to open. Without a source its draft is empty."""

    title: Text = words(LONGEST_TITLE)
    kind: Kind
    visibility: Visibility
    summary: Text | None = Field(None, json_schema_extra={"maxLength": LONGEST_SUMMARY})
    unit: Text | None = Field(
        None,
        description=(
            "Code of the initiating unit, whose leaders decide; without it the unit the drafter "
            'works in, if there is one. "" is the city as a whole.'
        ),
    )
    source: Text | None = Field(
        None, description=f"Markdown, at most {LARGEST_SOURCE} bytes of UTF-8."
    )


class DraftVersion(Out):
    version: int


class UnitRef(Out):
    """A unit of the city."""

    id: str
    code: str
    name: str


class PersonRef(Out):
    """A person as the record names them."""

    id: str
    name: str


class Round(Out):
    """A consultation round. `threads`: opened in it; `waiting`: of them without disposition."""

    id: str
    number: int
    revision: int
    audience: Visibility
    opens_at: Moment
    closes_at: Moment
    state: Literal["scheduled", "open", "closed", "concluded"]
    threads: int
    waiting: int
    created_at: Moment
    concluded_at: Moment | None
    url: str


class Policy(Out):
    """A policy. `draft` is null for those who do not draft it."""

    id: str
    slug: str
    url: str
    title: str
    summary: str
    kind: Kind
    visibility: Visibility
    status: Status
    unit: UnitRef | None
    current_revision: int | None
    round: Round | None
    draft: DraftVersion | None
    created_at: Moment
    withdrawn_at: Moment | None


class PolicyList(Listed[Policy]):
    pass


class PolicyQuery(Paging):
    status: Status | None = None
    q: Text = Field("", max_length=LONGEST_SEARCH, description="Words of the title or the summary.")


class Publication(In):
    """What to publish: the draft at this version."""

    change_note: Text = words(LONGEST_NOTE)
    draft_version: Count


class Origin(Out):
    """How a section relates to the revision before, and the keys it came from."""

    state: LineageState
    previous_keys: list[str]


class RevisionSection(Out):
    """A section. `parent` is a key, `text` its own Markdown without its children's, `offset`
    where that begins in the source, `hash` the SHA-256 of `text`."""

    key: str
    parent: str | None
    position: int
    kind: str
    number: str
    label: str
    heading: str
    offset: int
    text: str
    html: str
    hash: str
    origin: Origin


class Revision(Out):
    """A published revision with its sections, in order of `position`.

    `source_hash` is the SHA-256 of its source.
    """

    id: str
    number: int
    url: str
    published_at: Moment
    published_by: PersonRef
    change_note: str
    source_hash: str
    round: Round | None
    sections: list[RevisionSection]


class RevisionList(Listed[Revision]):
    """Revisions, newest first."""


class NewRound(In):
    """`opens_at` may lie in the past; `audience` must not be wider than the visibility."""

    opens_at: SentMoment
    closes_at: SentMoment
    audience: Visibility


class RoundUpdate(In):
    """Another closing time, or `closed` to close the round now, as one that has passed does."""

    closes_at: SentMoment | None = None
    state: Literal["closed"] | None = None


class ChangeSide(Out):
    """A section in one of the two revisions."""

    label: str
    heading: str
    kind: str
    position: int
    offset: int
    text: str


class ChangeSpan(Out):
    """A stretch of text. `peer`: the section at the other end, if the words moved."""

    op: Literal["equal", "insert", "delete"]
    text: str
    peer: str | None


class SectionChange(Out):
    """`equal` and `delete` spans join to `before.text`, `equal` and `insert` to `after.text`.
    Unchanged words have no spans."""

    key: str
    state: Literal["same", "edited", "moved", "new", "gone", "split", "merged"]
    before: ChangeSide | None
    after: ChangeSide | None
    spans: list[ChangeSpan]


class ChangeTotals(Out):
    words_added: int
    words_removed: int
    words_moved: int
    sections_same: int
    sections_edited: int
    sections_moved: int
    sections_new: int
    sections_gone: int
    sections_split: int
    sections_merged: int


class Changes(Out):
    """Two revisions compared, in reading order of the second."""

    before: int
    after: int
    url: str
    sections: list[SectionChange]
    totals: ChangeTotals
