"""Reading working drafts and their saves; only a policy's drafters see any of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, undefer

from policyforum.db.base import LARGEST_NUMBER
from policyforum.db.session import db
from policyforum.drafting.models import Draft, DraftSave
from policyforum.organisation.actor import Actor
from policyforum.organisation.models import Unit
from policyforum.policies.models import Policy, Revision
from policyforum.policies.permissions import may_draft
from policyforum.policies.queries import policy_by_slug
from policyforum.web.paging import PAGE, Page, decode_cursor, page_of
from policyforum.web.problems import NotFound


@dataclass(frozen=True, slots=True)
class WorkingText:
    """The draft in force: its version, the revision it goes on from, its words, who saved it."""

    version: int
    based_on: int | None
    source: str
    save: DraftSave


def policy_to_draft(slug: str, actor: Actor) -> Policy:
    """The policy for one of its drafters; for anybody else there is no draft (`NotFound`)."""
    policy = policy_by_slug(slug, actor)
    if not may_draft(actor, policy):
        raise NotFound
    return policy


def current_draft(policy: Policy) -> Draft:
    """The policy's one working draft."""
    return db.session.get_one(Draft, policy.id)


def current_source(policy: Policy) -> str:
    """The words of the draft in force."""
    return working_text(policy).source


def working_text(policy: Policy) -> WorkingText:
    """The draft in force with its words."""
    draft, save = db.session.execute(
        select(Draft, DraftSave)
        .join(
            DraftSave,
            (DraftSave.policy_id == Draft.policy_id) & (DraftSave.version == Draft.version),
        )
        .where(Draft.policy_id == policy.id)
        .options(undefer(DraftSave.source), joinedload(DraftSave.saved_by))
    ).one()
    return WorkingText(draft.version, draft.based_on, save.source, save)


def save_by_version(policy: Policy, version: int) -> DraftSave:
    """One save with its words, or `NotFound`."""
    save = None
    if 0 < version <= LARGEST_NUMBER:
        save = db.session.scalars(
            select(DraftSave)
            .where(DraftSave.policy_id == policy.id, DraftSave.version == version)
            .options(undefer(DraftSave.source), joinedload(DraftSave.saved_by))
        ).one_or_none()
    if save is None:
        raise NotFound
    return save


def last_version(policy: Policy) -> int:
    """The highest number any save has, those kept aside among them."""
    return db.session.scalars(
        select(func.max(DraftSave.version)).where(DraftSave.policy_id == policy.id)
    ).one()


def last_kept_aside(policy: Policy, actor: Actor) -> DraftSave | None:
    """What this person last had to put aside, with its words."""
    return db.session.scalars(
        select(DraftSave)
        .where(
            DraftSave.policy_id == policy.id,
            DraftSave.cause == "aside",
            DraftSave.saved_by_id == actor.account_id,
        )
        .order_by(DraftSave.version.desc())
        .limit(1)
        .options(undefer(DraftSave.source))
    ).one_or_none()


def saves_page(policy: Policy, cursor: str = "") -> Page[DraftSave]:
    """Saves without their words, newest first."""
    before = decode_cursor(cursor, (int,))
    query = (
        select(DraftSave)
        .where(DraftSave.policy_id == policy.id)
        .order_by(DraftSave.version.desc())
        .limit(PAGE + 1)
        .options(joinedload(DraftSave.saved_by))
    )
    if before is not None:
        query = query.where(DraftSave.version < before[0])
    return page_of(db.session.scalars(query).all(), PAGE, lambda save: [save.version])


def revision_published_from(policy: Policy, version: int) -> int | None:
    """The number of the revision that was published from this version, if one was."""
    return db.session.scalars(
        select(Revision.number)
        .join(
            DraftSave,
            (DraftSave.policy_id == Revision.policy_id)
            & (DraftSave.saved_at == Revision.published_at),
        )
        .where(
            Revision.policy_id == policy.id,
            DraftSave.cause == "published",
            DraftSave.base_version == version,
        )
    ).one_or_none()


def others_since(policy: Policy, version: int, actor: Actor) -> list[str]:
    """The names of others whose words came into the draft after `version`, in order, each once."""
    saves = db.session.scalars(
        select(DraftSave)
        .where(
            DraftSave.policy_id == policy.id,
            DraftSave.version > version,
            DraftSave.cause != "aside",
            DraftSave.saved_by_id != actor.account_id,
        )
        .order_by(DraftSave.version)
        .options(joinedload(DraftSave.saved_by))
    )
    return list(dict.fromkeys(save.saved_by.name for save in saves if save.saved_by))


def units_to_draft_for(actor: Actor) -> Sequence[Unit]:
    """The units a drafter may open a policy for, in the order of the tree."""
    units = db.session.scalars(
        select(Unit).where(Unit.closed_at.is_(None)).order_by(Unit.path)
    ).all()
    return [unit for unit in units if actor.holds("drafter", unit.path, None)]
