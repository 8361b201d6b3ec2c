"""Opening policies, changing what is said about them, withdrawing them. For rounds see `rounds`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from policyforum.audit.record import Event, record
from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.organisation.queries import the_agency
from policyforum.policies.gates import one_of, require_drafter, require_under_way, require_within
from policyforum.policies.holding import lock_policy
from policyforum.policies.initiative import initiating_unit
from policyforum.policies.models import KINDS, VISIBILITIES, Policy
from policyforum.policies.permissions import may_create
from policyforum.policies.rounds import close_round
from policyforum.policies.slugs import free_slug, slug_of
from policyforum.web.problems import Forbidden, Stale
from policyforum.web.texts import checked_line, checked_text

LONGEST_TITLE = 500
LONGEST_SUMMARY = 5_000
LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True)
class PolicyData:
    """`unit_id`: the initiating unit; None takes the one the drafter works in and drafts for.

    `is_citywide`: the city as a whole takes the initiative, and no unit's leader decides alone.
    `address`: what its address is made of; "" takes the title.
    """

    title: str
    kind: str
    visibility: str
    summary: str = ""
    unit_id: int | None = None
    is_citywide: bool = False
    language: str = "id"
    address: str = ""


@dataclass(frozen=True, slots=True)
class SettingsData:
    title: str
    summary: str
    visibility: str


def create_policy(actor: Actor, data: PolicyData, now: datetime) -> Policy:
    """Open a policy file without any text yet.

    Raises `Forbidden` for whom it is not, `Invalid` for a field that can't be taken.
    """
    if not may_create(actor):
        raise Forbidden(_("Only drafters can open a policy."))
    unit = initiating_unit(actor, data.unit_id, is_citywide=data.is_citywide)
    title = checked_line("title", data.title, LONGEST_TITLE)
    policy = Policy(
        agency_id=unit.agency_id if unit else the_agency().id,
        unit_id=unit.id if unit else None,
        title=title,
        summary=checked_text("summary", data.summary, LONGEST_SUMMARY, compulsory=False),
        kind=one_of("kind", data.kind, KINDS),
        visibility=one_of("visibility", data.visibility, VISIBILITIES),
        language=data.language,
        created_by_id=actor.account_id,
        created_at=now,
    )
    _store_under_free_slug(policy, slug_of(data.address or title))
    facts = {
        "slug": policy.slug,
        "kind": policy.kind,
        "language": policy.language,
        "visibility": policy.visibility,
        "unit": unit.public_id if unit else None,
    }
    _record("policy.created", policy, actor, now, facts, _words(policy))
    return policy


def change_settings(policy: Policy, actor: Actor, data: SettingsData, now: datetime) -> None:
    """Change title, summary and who may read; the slug and all addresses stay.

    Raises `Forbidden` for whom it is not, `Closed` when it is withdrawn, `Invalid` for a field that
    can't be taken.
    """
    require_drafter(policy, actor)
    lock_policy(policy.id)
    require_under_way(policy)
    visibility = one_of("visibility", data.visibility, VISIBILITIES)
    ongoing = policy.current_round
    if ongoing and ongoing.state(now) in ("scheduled", "open"):
        require_within(ongoing.audience, visibility, "visibility")
    policy.title = checked_line("title", data.title, LONGEST_TITLE)
    policy.summary = checked_text("summary", data.summary, LONGEST_SUMMARY, compulsory=False)
    policy.visibility = visibility
    _record("policy.changed", policy, actor, now, {"visibility": visibility}, _words(policy))


def withdraw_policy(policy: Policy, actor: Actor, reason: str, now: datetime) -> None:
    """End the work on a policy. What was published stays readable; its round ends.

    Raises `Forbidden` for whom it is not, `Stale` when it is withdrawn already, `Invalid` for the
    reason.
    """
    require_drafter(policy, actor)
    lock_policy(policy.id)
    if policy.withdrawn_at is not None:
        raise Stale(_("The policy is withdrawn"), _("This policy is already withdrawn."))
    policy.withdrawn_reason = checked_text("reason", reason, LONGEST_REASON)
    policy.withdrawn_at = now
    if policy.current_round is not None:
        close_round(policy.current_round, policy, actor, now)
    _record("policy.withdrawn", policy, actor, now, {}, {"reason": policy.withdrawn_reason})


def _store_under_free_slug(policy: Policy, wish: str) -> None:
    taken = set(db.session.scalars(select(Policy.slug).where(Policy.slug.startswith(wish))))
    while policy.id is None:
        policy.slug = free_slug(wish, taken)
        try:
            with db.session.begin_nested():
                db.session.add(policy)
        except IntegrityError:
            taken.add(policy.slug)  # somebody took it a moment ago


def _words(policy: Policy) -> dict[str, str]:
    return {"title": policy.title, "summary": policy.summary}


def _record(
    verb: str,
    policy: Policy,
    actor: Actor,
    now: datetime,
    facts: Mapping[str, str | None],
    texts: dict[str, str] | None = None,
) -> None:
    ids = policy.public_id
    record(Event(verb, actor.public_id, now, ids, ids, facts, texts or {}, row=policy))
