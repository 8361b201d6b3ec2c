"""The working draft."""

from __future__ import annotations

from pydantic import Field

from policyforum.api.schemas.base import Count, In, Out, Text
from policyforum.drafting.services import LARGEST_SOURCE


class DraftSaving(In):
    """The whole source, written on top of `version`."""

    source: Text = Field(description=f"Markdown, at most {LARGEST_SOURCE} bytes of UTF-8.")
    version: Count


class DraftSection(Out):
    """A section as it is recognised; `parent` is a position."""

    position: int
    parent: int | None
    kind: str
    number: str
    label: str
    heading: str
    offset: int
    text: str


class DraftFix(Out):
    """The characters from `start` to before `end` of the source should be `words`."""

    start: int
    end: int
    words: str


class DraftIssue(Out):
    """A doubt about one line (from 1); `code` is for programs, `message` for people.

    `fix`: what would settle it, where that is safe.
    """

    line: int
    code: str
    message: str
    fix: DraftFix | None


class DraftOutline(Out):
    version: int
    sections: list[DraftSection]
    issues: list[DraftIssue]


class Draft(DraftOutline):
    """The draft in force; `based_on` is the revision it goes on from."""

    based_on: int | None
    source: str
