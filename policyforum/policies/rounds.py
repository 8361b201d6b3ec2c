"""Consultation rounds: opening, moving and closing them, and concluding what is answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from policyforum.audit.record import Event, record
from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.policies.gates import one_of, require_drafter, require_under_way, require_within
from policyforum.policies.holding import lock_policy
from policyforum.policies.models import VISIBILITIES, Policy, Revision, Round, RoundChange
from policyforum.policies.queries import last_round_number
from policyforum.web.problems import Closed, Invalid, Stale


@dataclass(frozen=True, slots=True)
class RoundData:
    opens_at: datetime
    closes_at: datetime
    audience: str


def open_round(
    policy: Policy, revision: Revision, actor: Actor, data: RoundData, now: datetime
) -> Round:
    """Start, or announce, a consultation round on the current revision.

    Raises `Forbidden` for whom it is not, `Closed` when the policy is withdrawn or decided on,
    `Stale` when a newer revision or a round is there, `Invalid` for audience and moments.
    """
    require_drafter(policy, actor)
    lock_policy(policy.id)
    _require_consultable(policy, revision, now)
    require_within(one_of("audience", data.audience, VISIBILITIES), policy.visibility, "audience")
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
    """Extend a round, or close it early: a closing time that is not in the future closes it now.

    Raises `Forbidden` for whom it is not, `Closed` when it is over, `Invalid` for the moment.
    """
    policy = db.session.get_one(Policy, consultation.policy_id)
    require_drafter(policy, actor)
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
        close_round(consultation, policy, actor, now)
        if consultation.threads:
            conclude_if_answered(consultation, now)
        return
    if closes_at <= consultation.opens_at:
        raise Invalid({"closes_at": [_("The round has to close after it opens.")]})
    _move_closing(consultation, policy, actor, closes_at, now)


def close_round(consultation: Round, policy: Policy, actor: Actor, now: datetime) -> None:
    """End a round now, unless it is over; one that was only announced never opens."""
    if consultation.state(now) in ("scheduled", "open"):
        consultation.opens_at = min(consultation.opens_at, now)
        _move_closing(consultation, policy, actor, now, now)


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
        close_round(consultation, policy, actor, now)
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
