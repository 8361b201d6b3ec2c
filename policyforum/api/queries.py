"""What the API reads in bulk, beyond what the pages need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.engine import Row
from sqlalchemy.orm import joinedload

from policyforum.commenting.composing import CommentRow, Drafters, comment_views
from policyforum.commenting.faces import CommentView
from policyforum.commenting.models import Comment, Thread
from policyforum.db.session import db
from policyforum.drafting.models import Draft
from policyforum.organisation.actor import Actor
from policyforum.organisation.models import Association, Unit
from policyforum.policies.models import (
    Policy,
    Revision,
    RevisionSection,
    Section,
    SectionOrigin,
)
from policyforum.policies.queries import where_it_stands
from policyforum.policies.status import status_expression
from policyforum.policies.visibility import visible_to
from policyforum.web.paging import Page, decode_cursor, page_of


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A policy with its status and the version of its draft."""

    policy: Policy
    status: str
    draft_version: int


@dataclass(frozen=True, slots=True)
class FirstPlace:
    """Where a thread was opened: the section's key and what surrounds the quote."""

    section_key: str | None
    prefix: str
    suffix: str


def policies_page(
    actor: Actor, status: str | None, words: str, now: datetime, cursor: str, limit: int
) -> Page[PolicyRow]:
    """The policies an actor may see, newest first. One query."""
    told = status_expression(now)
    query = (
        select(Policy, told, Draft.version)
        .join(Draft, Draft.policy_id == Policy.id)
        .options(*where_it_stands())
        .where(visible_to(actor))
        .order_by(Policy.id.desc())
        .limit(limit + 1)
    )
    if status is not None:
        query = query.where(told == status)
    for word in words.split():
        query = query.where(
            or_(
                Policy.title.icontains(word, autoescape=True),
                Policy.summary.icontains(word, autoescape=True),
            )
        )
    before = decode_cursor(cursor, (int,))
    if before is not None:
        query = query.where(Policy.id < before[0])
    rows = [PolicyRow(*row) for row in db.session.execute(query)]
    return page_of(rows, limit, lambda row: [row.policy.id])


def revisions_page(policy: Policy, cursor: str, limit: int) -> Page[Revision]:
    """A policy's revisions, newest first. One query."""
    query = (
        select(Revision)
        .where(Revision.policy_id == policy.id)
        .order_by(Revision.number.desc())
        .limit(limit + 1)
        .options(joinedload(Revision.published_by))
    )
    before = decode_cursor(cursor, (int,))
    if before is not None:
        query = query.where(Revision.number < before[0])
    return page_of(db.session.scalars(query).all(), limit, lambda revision: [revision.number])


def whole_sections(revision_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """The sections of a revision with their keys, words and HTML, in order. One query."""
    stored = RevisionSection
    return db.session.execute(
        select(
            Section.key,
            stored.section_id,
            stored.position,
            stored.parent_position,
            stored.kind,
            stored.number,
            stored.label,
            stored.heading,
            stored.offset,
            stored.text,
            stored.html,
            stored.hash,
            stored.origin_state,
        )
        .join(Section, Section.id == stored.section_id)
        .where(stored.revision_id == revision_id)
        .order_by(stored.position)
    ).all()


def previous_keys(revision_id: int) -> dict[int, list[str]]:
    """From which earlier sections each section (its id) came. One query."""
    rows = db.session.execute(
        select(SectionOrigin.section_id, Section.key)
        .join(Section, Section.id == SectionOrigin.previous_section_id)
        .where(SectionOrigin.revision_id == revision_id)
        .order_by(SectionOrigin.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for section_id, key in rows:
        found[section_id].append(key)
    return found


def first_places(thread_ids: Sequence[int]) -> dict[int, FirstPlace]:
    """Where threads (their row ids) were opened. One query."""
    rows = db.session.execute(
        select(Thread.id, Section.key, Thread.quote_prefix, Thread.quote_suffix)
        .outerjoin(Section, Section.id == Thread.section_id)
        .where(Thread.id.in_(thread_ids))
    )
    return {thread_id: FirstPlace(*place) for thread_id, *place in rows}


def comment_view(comment: Comment, actor: Actor) -> CommentView:
    """One comment as its readers see it."""
    above = db.session.get(Comment, comment.parent_id) if comment.parent_id is not None else None
    row = CommentRow(comment, above.public_id if above else None, above.voice.name if above else "")
    return comment_views([row], comment.thread.policy, Drafters(), actor)[0]


def unit_of(actor: Actor) -> Unit | None:
    """The unit the actor works for."""
    return db.session.get(Unit, actor.unit_id) if actor.unit_id is not None else None


def associations_of(actor: Actor) -> Sequence[Association]:
    """The associations the actor belongs to."""
    return db.session.scalars(
        select(Association)
        .where(Association.id.in_(actor.association_ids))
        .order_by(Association.name)
    ).all()
