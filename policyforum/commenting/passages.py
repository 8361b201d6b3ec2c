"""Which words of a revision a contribution is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, or_, select

from policyforum.audit.chain import canonical_json
from policyforum.db.asking import Question
from policyforum.db.base import table_of
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
    head = _head_of(revision_id, section_key) if section_key is not None else None
    if section_key is not None and head is None:
        raise Invalid({"section": [_("This revision has no such section.")]})
    if quote is None:
        return Passage(head.section_id, head.label, head.block_position) if head else Passage()
    sections = _subtree(revision_id, head.position) if head else _all_parts(revision_id)
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


def quote_words(passage: Passage) -> str | None:
    """The words a contribution is about and where they are, as the record commits to them."""
    quote = (passage.exact, passage.prefix, passage.suffix, passage.start, passage.end)
    return None if quote == (None, "", "", None, None) else canonical_json(quote)


def subtree_of(revision_id: int, section_key: str) -> Sequence[Part]:
    """A section and its descendants in order, without their HTML; empty if there is none such."""
    head = _head_of(revision_id, section_key)
    return _subtree(revision_id, head.position) if head else []


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


def _head_of(revision_id: int, section_key: str) -> _Head | None:
    """Where a section stands, without its words."""
    if "\x00" in section_key:
        return None
    row = _HEAD.row({"revision_id": revision_id, "key": section_key})
    return _Head(*row) if row else None


class _Head(NamedTuple):
    section_id: int
    label: str
    block_position: int
    position: int


def _subtree(revision_id: int, position: int) -> Sequence[Part]:
    asked = {"revision_id": revision_id, "head": position}
    return [Part(*row) for row in db.session.connection().execute(_SUBTREE, asked)]


def _all_parts(revision_id: int) -> Sequence[Part]:
    asked = {"revision_id": revision_id}
    return [Part(*row) for row in db.session.connection().execute(_PARTS, asked)]


def _located(text: str, quote: QuoteData) -> tuple[int, int]:
    exact = checked_text("quote", quote.exact, LONGEST_QUOTE)
    for around in (quote.prefix, quote.suffix):
        checked_text("quote", around, LONGEST_QUOTE, compulsory=False)
    hint = quote.start if quote.start is not None and quote.start >= 0 else None
    found = locate(text, exact, quote.prefix, quote.suffix, hint)
    if found is None or found[0] >= found[1]:
        raise Invalid({"quote": [_("These words do not occur in this section.")]})
    return found


# Asked with every contribution, so they are put together once.
_stored, _sections = table_of(RevisionSection), table_of(Section)
_HEAD = Question(
    select(_stored.c.section_id, _stored.c.label, _stored.c.block_position, _stored.c.position)
    .join_from(_stored, _sections, _sections.c.id == _stored.c.section_id)
    .where(_stored.c.revision_id == bindparam("revision_id"), _sections.c.key == bindparam("key"))
)
_PARTS = (
    select(
        _stored.c.section_id,
        _stored.c.label,
        _stored.c.block_position,
        _stored.c.offset,
        _stored.c.text,
    )
    .where(_stored.c.revision_id == bindparam("revision_id"))
    .order_by(_stored.c.position)
)


def _of_subtree() -> Select[Any]:
    """From the head up to the next section that does not lie in it."""
    later = _stored.alias()
    end = (
        select(later.c.position)
        .where(
            later.c.revision_id == bindparam("revision_id"),
            later.c.position > bindparam("head"),
            or_(later.c.parent_position.is_(None), later.c.parent_position < bindparam("head")),
        )
        .order_by(later.c.position)
        .limit(1)
        .scalar_subquery()
    )
    return _PARTS.where(
        _stored.c.position >= bindparam("head"), or_(end.is_(None), _stored.c.position < end)
    )


_SUBTREE = _of_subtree()
