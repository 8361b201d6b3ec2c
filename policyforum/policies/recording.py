"""Writing down a published revision: the one service that makes revisions and section keys."""

from __future__ import annotations

import hashlib
import secrets
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from policyforum.audit.record import Event, record
from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.policies.models import (
    Policy,
    Revision,
    RevisionBlock,
    RevisionSection,
    Section,
    SectionOrigin,
)
from policyforum.policies.page_hash import page_hash
from policyforum.policies.queries import keyed_sections, section_ids
from policyforum.text import diff, kinds, layout
from policyforum.text.keyed import KeyedSection, keyed
from policyforum.text.lineage import Carried
from policyforum.text.sections import Outline
from policyforum.text.words import pack, tokenise

MARKED = kinds.LISTS | {kinds.AYAT}
COUNTED = (kinds.PASAL, kinds.DIKTUM, kinds.HEADING)


def new_section_key() -> str:
    """A name for a section, for ever: 72 random bits in 12 URL-safe characters.

    Shorter than other ids: a page names hundreds of sections, and random letters can't be packed.
    """
    return secrets.token_urlsafe(9)


def record_revision(
    policy: Policy,
    actor: Actor,
    *,
    source: str,
    change_note: str,
    outline: Outline,
    carried: Carried,
    now: datetime,
) -> Revision:
    """Store `source` as the policy's next revision and make it the current one.

    `outline` is the source split, `carried` the keys of its sections. What never changes is
    rendered here, once. The policy's round and decision belonged to the revision before.
    """
    before = keyed_sections(policy.current_revision_id)
    after = keyed((section.key for section in carried.sections), outline.sections)
    revision = Revision(
        policy_id=policy.id,
        number=policy.current_revision.number + 1 if policy.current_revision else 1,
        source=source,
        source_hash=_sha256(source),
        language=policy.language,
        change_note=change_note,
        published_at=now,
        published_by_id=actor.account_id,
        article_count=_count_articles(outline),
        change_totals=_totals(before, after),
    )
    db.session.add(revision)
    db.session.flush()
    _store_sections(policy, revision, outline, carried)
    policy.current_revision_id = revision.id
    policy.current_round_id = None
    policy.decision_outcome = None
    db.session.flush()
    db.session.expire(policy, ["current_revision", "current_round"])
    _record(policy, revision, actor, len(outline.sections))
    return revision


def _store_sections(policy: Policy, revision: Revision, outline: Outline, carried: Carried) -> None:
    known = section_ids(policy.id)
    fresh = [entry.key for entry in carried.sections if entry.key not in known]
    _insert(Section, [{"policy_id": policy.id, "key": key} for key in fresh])
    ids = section_ids(policy.id) if fresh else known
    keys = [entry.key for entry in carried.sections]
    blocks = layout.blocks(outline, keys)
    starts = [block.position for block in blocks]
    own = _rendered_alone(outline, blocks)
    _insert(
        RevisionSection,
        [
            {
                "revision_id": revision.id,
                "section_id": ids[entry.key],
                "position": section.position,
                "parent_position": section.parent,
                "block_position": starts[max(bisect_right(starts, section.position) - 1, 0)],
                "kind": section.kind,
                "number": section.number,
                "label": section.label,
                "heading": section.heading,
                "offset": section.offset,
                "text": section.text,
                "html": own[section.position] or layout.section_html(section),
                "hash": _sha256(section.text),
                "tokens": pack(tokenise(section.text)),
                "origin_state": entry.state,
            }
            for section, entry in zip(outline.sections, carried.sections, strict=True)
        ],
    )
    _insert(SectionOrigin, _origins(revision, carried, ids))
    _insert(
        RevisionBlock,
        [
            {
                "revision_id": revision.id,
                "section_id": ids[block.key],
                "position": block.position,
                "kind": block.kind,
                "number": block.number,
                "label": block.label,
                "heading": block.heading,
                "html": block.html,
            }
            for block in blocks
        ],
    )


def _rendered_alone(outline: Outline, blocks: Sequence[layout.Block]) -> list[str]:
    """By position, the HTML of sections whose block shows nothing else: no need to make it twice.

    Not for a text with link definitions: a block sees those of the whole text, a section its own.
    """
    found = [""] * len(outline.sections)
    if any("]:" in section.text for section in outline.sections):
        return found
    ends = [*(block.position for block in blocks[1:]), len(found)]
    for block, end in zip(blocks, ends, strict=True):
        if end == block.position + 1 and block.kind not in MARKED:
            found[block.position] = block.html
    return found


def _origins(revision: Revision, carried: Carried, ids: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "revision_id": revision.id,
            "section_id": ids[entry.key],
            "previous_section_id": ids[previous],
            "score": entry.score,
            "reason": entry.reason,
        }
        for entry in carried.sections
        for previous in entry.previous_keys
    ]


def _insert(model: type[Any], rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(insert(model), rows)


def _totals(before: Sequence[KeyedSection], after: Sequence[KeyedSection]) -> dict[str, Any]:
    return asdict(diff.compare(before, after).totals) if before else {}


def _count_articles(outline: Outline) -> int:
    """How many Pasal; of a text without, how many diktum; else how many headings."""
    found = [section.kind for section in outline.sections]
    return next((found.count(kind) for kind in COUNTED if kind in found), 0)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _record(policy: Policy, revision: Revision, actor: Actor, sections: int) -> None:
    record(
        Event(
            "revision.published",
            actor.public_id,
            revision.published_at,
            revision.public_id,
            policy.public_id,
            {
                "revision": revision.number,
                "source_hash": revision.source_hash,
                "sections": sections,
                "page_hash": page_hash(revision),
            },
            {"change_note": revision.change_note},
            row=revision,
        )
    )
