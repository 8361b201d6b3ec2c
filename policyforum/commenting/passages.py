"""Which words of a revision a contribution is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import or_, select

from policyforum.db.session import db
from policyforum.policies.models import RevisionSection, Section, SectionOrigin
from policyforum.text.anchors import describe, locate
from policyforum.web.problems import Invalid
from policyforum.web.texts import checked_text

LONGEST_QUOTE = 2_000


@dataclass(frozen=True, slots=True)
class QuoteData:
    """Words somebody marked, from the source or from the page.

    `start` counts code points from the section's offset; it and the surroundings tell which
    occurrence is meant.
    """

    exact: str
    prefix: str = ""
    suffix: str = ""
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A section, or some words of it and its descendants, or (no section) the whole document.

    `exact`, `prefix`, `suffix` are source; `start`, `end` count from the section's offset; None:
    no words in particular. `block_position`: the block it stands beside; None: the document.
    """

    section_id: int | None = None
    label: str = ""
    block_position: int | None = None
    exact: str | None = None
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    end: int | None = None


class Part(NamedTuple):
    """A section of a revision, as far as finding words needs it."""

    section_id: int
    label: str
    block_position: int
    offset: int
    text: str


def passage_in(revision_id: int, section_key: str | None, quote: QuoteData | None) -> Passage:
    """Find what is meant; raises `Invalid` for an unknown section or words that are not there."""
    sections = _sections_meant(revision_id, section_key)
    head = sections[0] if section_key is not None else None
    if quote is None:
        if head is None:
            return Passage()
        return Passage(head.section_id, head.label, head.block_position)
    text = "".join(section.text for section in sections)
    start, end = _located(text, quote)
    anchor = describe(text, start, end)
    return Passage(
        section_id=head.section_id if head else None,
        label=head.label if head else "",
        block_position=block_at(sections, sections[0].offset + start) if head else None,
        exact=anchor.exact,
        prefix=anchor.prefix,
        suffix=anchor.suffix,
        start=start,
        end=end,
    )


def subtree_of(revision_id: int, section_key: str) -> Sequence[Part]:
    """A section and its descendants in order, without their HTML; empty if there is none such."""
    stored = RevisionSection
    position = None
    if "\x00" not in section_key:
        position = db.session.scalars(
            select(stored.position)
            .join(Section, Section.id == stored.section_id)
            .where(stored.revision_id == revision_id, Section.key == section_key)
        ).one_or_none()
    if position is None:
        return []
    end = (
        select(stored.position)
        .where(
            stored.revision_id == revision_id,
            stored.position > position,
            or_(stored.parent_position.is_(None), stored.parent_position < position),
        )
        .order_by(stored.position)
        .limit(1)
        .scalar_subquery()
    )
    return _rows(
        revision_id, stored.position >= position, or_(end.is_(None), stored.position < end)
    )


def words_now(revision_id: int, section_id: int | None, section_key: str) -> tuple[str | None, str]:
    """What became of an older revision's section: its key here and its own Markdown, without its
    children's; (None, "") if gone.

    A section that was split or merged is followed to where its words went first.
    """
    rows = subtree_of(revision_id, section_key)
    if not rows and section_id is not None:
        section_key = (
            db.session.scalars(
                select(Section.key)
                .join(SectionOrigin, SectionOrigin.section_id == Section.id)
                .where(
                    SectionOrigin.revision_id == revision_id,
                    SectionOrigin.previous_section_id == section_id,
                )
                .order_by(SectionOrigin.id)
                .limit(1)
            ).one_or_none()
            or ""
        )
        rows = subtree_of(revision_id, section_key) if section_key else []
    return (section_key, rows[0].text) if rows else (None, "")


def block_at(sections: Sequence[Part], offset: int) -> int:
    """The block of the deepest of `sections` that holds the character at `offset`."""
    holding = [section for section in sections if section.offset <= offset]
    return holding[-1].block_position


def _sections_meant(revision_id: int, section_key: str | None) -> Sequence[Part]:
    if section_key is None:
        return _rows(revision_id)
    sections = subtree_of(revision_id, section_key)
    if not sections:
        raise Invalid({"section": [_("This revision has no such section.")]})
    return sections


def _rows(revision_id: int, *conditions: Any) -> Sequence[Part]:
    stored = RevisionSection
    rows = db.session.execute(
        select(stored.section_id, stored.label, stored.block_position, stored.offset, stored.text)
        .where(stored.revision_id == revision_id, *conditions)
        .order_by(stored.position)
    )
    return [Part(*row) for row in rows]


def _located(text: str, quote: QuoteData) -> tuple[int, int]:
    exact = checked_text("quote", quote.exact, LONGEST_QUOTE)
    hint = quote.start if quote.start is not None and quote.start >= 0 else None
    found = locate(text, exact, quote.prefix, quote.suffix, hint)
    if found is None or found[0] >= found[1]:
        raise Invalid({"quote": [_("These words do not occur in this section.")]})
    return found
