"""Sections as contributors and drafters see them beside a form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from policyforum.commenting.faces import ThreadView
from policyforum.commenting.filters import span_of
from policyforum.db.session import db
from policyforum.policies.models import RevisionSection, Section
from policyforum.policies.queries import keyed_sections
from policyforum.text.keyedtext import KeyedText


@dataclass(frozen=True, slots=True)
class SectionShown:
    """A section with all inside it; `html` is stored and sanitised."""

    key: str
    label: str
    heading: str
    html: str


def section_shown(revision_id: int, key: str) -> SectionShown | None:
    """A section of a revision by its key, or None."""
    first, after = span_of(revision_id, key)
    stored = RevisionSection
    rows = db.session.execute(
        select(stored.label, stored.heading, stored.html)
        .where(stored.revision_id == revision_id, stored.position >= first, stored.position < after)
        .order_by(stored.position)
    ).all()
    if not rows:
        return None
    return SectionShown(key, rows[0].label, rows[0].heading, "".join(row.html for row in rows))


def section_choices(revision_id: int) -> list[tuple[str, str]]:
    """Every section of a revision for a menu: key and label with its title."""
    stored = RevisionSection
    rows = db.session.execute(
        select(Section.key, stored.label, stored.heading)
        .join(Section, Section.id == stored.section_id)
        .where(stored.revision_id == revision_id)
        .order_by(stored.position)
    )
    return [
        (key, f"{label} {heading}" if heading != label else label) for key, label, heading in rows
    ]


def words_placed(revision_id: int, threads: Iterable[ThreadView]) -> dict[str, str]:
    """The words of the revision at each thread's place, by thread id; "" where it has none."""
    text = KeyedText(keyed_sections(revision_id))
    found: dict[str, str] = {}
    for thread in threads:
        place = thread.placement
        if place.section_key is None or place.section_key not in text.positions:
            found[thread.id] = ""
            continue
        low, high = text.subtree(place.section_key)
        start = low + (place.start or 0)
        found[thread.id] = text.source[start : high if place.end is None else low + place.end]
    return found
