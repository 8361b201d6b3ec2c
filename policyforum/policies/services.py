"""Opening policies, changing what is said about them, and consultation rounds."""

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
from policyforum.policies.gates import require_under_way
from policyforum.policies.holding import lock_policy
from policyforum.policies.initiative import initiating_unit
from policyforum.policies.models import KINDS, VISIBILITIES, Policy, Revision, Round, RoundChange
from policyforum.policies.permissions import may_create, may_draft
from policyforum.policies.queries import last_round_number
from policyforum.policies.slugs import free_slug, slug_of
from policyforum.web.problems import Closed, Forbidden, Invalid, Stale
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


@dataclass(frozen=True, slots=True)
class RoundData:
    opens_at: datetime
    closes_at: datetime
    audience: str


def create_policy(actor: Actor, data: PolicyData, now: datetime) -> Policy:
    """Open a policy file without any text yet."""
    if not may_create(actor):
        raise Forbidden(_("Only drafters can open a policy."))
    unit = initiating_unit(actor, data.unit_id, is_citywide=data.is_citywide)
    title = checked_line("title", data.title, LONGEST_TITLE)
    policy = Policy(
        agency_id=unit.agency_id if unit else the_agency().id,
        unit_id=unit.id if unit else None,
        title=title,
        summary=checked_text("summary", data.summary, LONGEST_SUMMARY, compulsory=False),
        kind=_one_of("kind", data.kind, KINDS),
        visibility=_one_of("visibility", data.visibility, VISIBILITIES),
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
    """Change title, summary and who may read; the slug and all addresses stay."""
    _require_drafter(policy, actor)
    lock_policy(policy.id)
    visibility = _one_of("visibility", data.visibility, VISIBILITIES)
    ongoing = policy.current_round
    if ongoing and ongoing.state(now) in ("scheduled", "open"):
        _require_within(ongoing.audience, visibility, "visibility")
    policy.title = checked_line("title", data.title, LONGEST_TITLE)
    policy.summary = checked_text("summary", data.summary, LONGEST_SUMMARY, compulsory=False)
    policy.visibility = visibility
    _record("policy.changed", policy, actor, now, {"visibility": visibility}, _words(policy))


def withdraw_policy(policy: Policy, actor: Actor, reason: str, now: datetime) -> None:
    """End the work on a policy. What was published stays readable; its round ends."""
    _require_drafter(policy, actor)
    lock_policy(policy.id)
    if policy.withdrawn_at is not None:
        raise Stale(_("The policy is withdrawn"), _("This policy is already withdrawn."))
    policy.withdrawn_reason = checked_text("reason", reason, LONGEST_REASON)
    policy.withdrawn_at = now
    if policy.current_round is not None:
        _close(policy.current_round, policy, actor, now)
    _record("policy.withdrawn", policy, actor, now, {}, {"reason": policy.withdrawn_reason})


def open_round(
    policy: Policy, revision: Revision, actor: Actor, data: RoundData, now: datetime
) -> Round:
    """Start, or announce, a consultation round on the current revision."""
    _require_drafter(policy, actor)
    lock_policy(policy.id)
    _require_consultable(policy, revision, now)
    _require_within(_one_of("audience", data.audience, VISIBILITIES), policy.visibility, "audience")
    if data.closes_at <= data.opens_at:
        raise Invalid({"closes_at": [_("The round has to close after it opens.")]})
    if data.closes_at <= now:
        raise Invalid({"closes_at": [_("The round has to close in the future.")]})
    consultation = Round(
        policy_id=policy.id,
        revision_id=revision.id,
        number=last_round_number(policy) + 1,
        audience=data.audience,
        opens_at=data.opens_at,
        closes_at=data.closes_at,
        threads=0,
        waiting=0,
        created_at=now,
        created_by_id=actor.account_id,
    )
    db.session.add(consultation)
    db.session.flush()
    policy.current_round_id = consultation.id
    db.session.flush()
    db.session.expire(policy, ["current_round"])
    _record_round("round.opened", consultation, policy, actor, now)
    return consultation


def change_round(consultation: Round, actor: Actor, closes_at: datetime, now: datetime) -> None:
    """Extend a round, or close it early: a closing time that is not in the future closes it now."""
    policy = db.session.get_one(Policy, consultation.policy_id)
    _require_drafter(policy, actor)
    lock_policy(policy.id)
    db.session.refresh(consultation)
    if consultation.concluded_at is not None:
        raise Closed(_("The round is over"), _("This round is concluded. Open another one."))
    if policy.current_round_id != consultation.id or policy.withdrawn_at is not None:
        raise Closed(
            _("The round is over"), _("This round is over: something newer took its place.")
        )
    if closes_at <= now:
        if consultation.state(now) == "closed":
            raise Closed(_("The round is over"), _("This round is already closed."))
        _close(consultation, policy, actor, now)
        if consultation.threads:
            conclude_if_answered(consultation, now)
        return
    if closes_at <= consultation.opens_at:
        raise Invalid({"closes_at": [_("The round has to close after it opens.")]})
    _move_closing(consultation, policy, actor, closes_at, now)


def conclude_round(policy: Policy, actor: Actor, now: datetime) -> None:
    """End the round that is running, and conclude every round whose threads are all answered.

    Called when the next revision is published and when a revision is decided on, both only after
    the gates found nothing missing.
    """
    rounds = db.session.scalars(
        select(Round)
        .where(Round.policy_id == policy.id, Round.concluded_at.is_(None))
        .execution_options(populate_existing=True)
    )
    for consultation in rounds:
        _close(consultation, policy, actor, now)
        conclude_if_answered(consultation, now)


def conclude_if_answered(consultation: Round, now: datetime) -> None:
    """Conclude a round that is closed and has no thread left without a disposition."""
    if consultation.state(now) != "closed" or consultation.waiting > 0:
        return
    consultation.concluded_at = now
    policy = db.session.get_one(Policy, consultation.policy_id)
    facts = {"round": consultation.number, "threads": consultation.threads}
    record(
        Event(
            "round.concluded",
            "",
            now,
            consultation.public_id,
            policy.public_id,
            facts,
            row=consultation,
        )
    )


def _store_under_free_slug(policy: Policy, wish: str) -> None:
    taken = set(db.session.scalars(select(Policy.slug).where(Policy.slug.startswith(wish))))
    while policy.id is None:
        policy.slug = free_slug(wish, taken)
        try:
            with db.session.begin_nested():
                db.session.add(policy)
        except IntegrityError:
            taken.add(policy.slug)  # somebody took it a moment ago


def _one_of(field: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise Invalid({field: [_("Choose one of: %(list)s.", list=", ".join(allowed))]})
    return value


def _require_drafter(policy: Policy, actor: Actor) -> None:
    if not may_draft(actor, policy):
        raise Forbidden(_("Only the drafters of this policy can do this."))


def _require_within(audience: str, visibility: str, field: str) -> None:
    if VISIBILITIES.index(audience) < VISIBILITIES.index(visibility):
        raise Invalid({field: [_("The round can not be open to more people than may read it.")]})


def _require_consultable(policy: Policy, revision: Revision, now: datetime) -> None:
    require_under_way(policy)
    if policy.current_revision_id != revision.id:
        raise Stale(
            _("A newer revision is published"),
            _("A newer revision is published. Open the round on that one."),
        )
    if policy.decision_outcome is not None:
        raise Closed(
            _("The revision is decided on"),
            _("This revision is decided on. A round needs the next revision."),
        )
    if policy.current_round and policy.current_round.state(now) in ("scheduled", "open"):
        raise Stale(
            _("The revision has a round"),
            _("This revision already has a round. Extend it, or close it first."),
        )


def _close(consultation: Round, policy: Policy, actor: Actor, now: datetime) -> None:
    """End a round now, unless it is over; one that was only announced never opens."""
    if consultation.state(now) in ("scheduled", "open"):
        consultation.opens_at = min(consultation.opens_at, now)
        _move_closing(consultation, policy, actor, now, now)


def _move_closing(
    consultation: Round, policy: Policy, actor: Actor, closes_at: datetime, now: datetime
) -> None:
    change = RoundChange(
        round_id=consultation.id,
        at=now,
        by_id=actor.account_id,
        closes_before=consultation.closes_at,
        closes_after=closes_at,
    )
    db.session.add(change)
    consultation.closes_at = closes_at
    db.session.flush()
    _record_round("round.changed", consultation, policy, actor, now)


def _record_round(
    verb: str, consultation: Round, policy: Policy, actor: Actor, now: datetime
) -> None:
    facts = {
        "round": consultation.number,
        "revision": consultation.revision.number,
        "opens_at": consultation.opens_at.isoformat(),
        "closes_at": consultation.closes_at.isoformat(),
        "audience": consultation.audience,
    }
    subject = consultation.public_id
    record(Event(verb, actor.public_id, now, subject, policy.public_id, facts, row=consultation))


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
