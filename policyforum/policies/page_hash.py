"""One hash over all that readers are shown of a revision: its HTML, and what stands around it."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from policyforum.audit.chain import canonical_json
from policyforum.db.session import db
from policyforum.policies.models import (
    Revision,
    RevisionBlock,
    RevisionSection,
    Section,
    SectionOrigin,
)
from policyforum.policies.queries import keyed_sections
from policyforum.text import layout
from policyforum.text.sections import Outline

PIECE = 100


def page_hash(revision: Revision) -> str:
    """SHA-256 of it, row by row as canonical JSON, in hexadecimal."""
    digest = hashlib.sha256()
    shown = (revision.language, revision.article_count, revision.change_totals)
    digest.update(canonical_json(shown).encode("ascii"))
    for query in (_sections(revision), _origins(revision), _blocks(revision)):
        for row in db.session.execute(query, execution_options={"yield_per": PIECE}):
            digest.update(canonical_json(list(row)).encode("ascii"))
    return digest.hexdigest()


def changed_row(revision: Revision) -> str:
    """The first row that is not as this program makes it from the text; "" when all are."""
    sections = keyed_sections(revision.id)
    outline = Outline(tuple(keyed.section for keyed in sections))
    blocks = layout.blocks(outline, [keyed.key for keyed in sections])
    made = {(b.key, b.position, b.kind, b.number, b.label, b.heading, b.html) for b in blocks}
    for row in db.session.execute(_blocks(revision)):
        if tuple(row) not in made:
            return f"revision_blocks, position {row.position}"
    alone = {section.position: layout.section_html(section) for section in outline.sections}
    whole = {block.position: block.html for block in blocks}
    for row in db.session.execute(_sections(revision)):
        if row.html not in (alone[row.position], whole.get(row.position)):
            return f"revision_sections, position {row.position}"
    return ""


def _sections(revision: Revision) -> Select[*tuple[Any, ...]]:
    stored = RevisionSection
    return (
        select(
            Section.key,
            stored.position,
            stored.parent_position,
            stored.block_position,
            stored.kind,
            stored.number,
            stored.label,
            stored.heading,
            stored.offset,
            stored.hash,
            stored.html,
            stored.origin_state,
        )
        .join(Section, Section.id == stored.section_id)
        .where(stored.revision_id == revision.id)
        .order_by(stored.position)
    )


def _origins(revision: Revision) -> Select[*tuple[Any, ...]]:
    previous = aliased(Section)
    return (
        select(Section.key, previous.key, SectionOrigin.score, SectionOrigin.reason)
        .join(Section, Section.id == SectionOrigin.section_id)
        .join(previous, previous.id == SectionOrigin.previous_section_id)
        .where(SectionOrigin.revision_id == revision.id)
        .order_by(SectionOrigin.id)
    )


def _blocks(revision: Revision) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Section.key,
            RevisionBlock.position,
            RevisionBlock.kind,
            RevisionBlock.number,
            RevisionBlock.label,
            RevisionBlock.heading,
            RevisionBlock.html,
        )
        .join(Section, Section.id == RevisionBlock.section_id)
        .where(RevisionBlock.revision_id == revision.id)
        .order_by(RevisionBlock.position)
    )
