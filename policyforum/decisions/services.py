"""Advising leadership, and deciding."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from policyforum.audit.record import Event, record
from policyforum.consolidation.settling import waiting_in
from policyforum.db.session import db
from policyforum.decisions.models import OUTCOMES, Decision, Recommendation
from policyforum.organisation.actor import Actor
from policyforum.policies.gates import require_under_way
from policyforum.policies.holding import lock_policy
from policyforum.policies.models import Policy, Revision
from policyforum.policies.permissions import may_decide, may_draft
from policyforum.policies.queries import was_consulted
from policyforum.policies.rounds import conclude_round
from policyforum.web.formats import moment
from policyforum.web.problems import Closed, Forbidden, Invalid, Stale, Unmet
from policyforum.web.texts import checked_text

LONGEST_REASON = 10_000


@dataclass(frozen=True, slots=True)
class DecisionData:
    """`reason` is compulsory when the revision is returned."""

    outcome: str
    reason: str


def recommend(
    policy: Policy, revision: Revision, actor: Actor, text: str, now: datetime
) -> Recommendation:
    """Advise the leader on a revision. The latest advice counts; earlier ones are kept.

    Raises `Forbidden` for whom it is not, `Closed` when the policy is withdrawn, `Stale` when the
    revision is decided on or no longer the current one, `Invalid` for the text.
    """
    if not may_draft(actor, policy):
        raise Forbidden(_("Only the drafters of this policy can advise on it."))
    lock_policy(policy.id)
    require_under_way(policy)
    if policy.decision_outcome is not None or revision.id != policy.current_revision_id:
        raise Stale(_("The revision is decided on"), _("This revision was already decided on."))
    recommendation = Recommendation(
        revision_id=revision.id,
        text=checked_text("text", text, LONGEST_REASON),
        given_at=now,
        given_by_id=actor.account_id,
    )
    db.session.add(recommendation)
    record(
        Event(
            "recommendation.given",
            actor.public_id,
            now,
            revision.public_id,
            policy.public_id,
            {"revision": revision.number},
            {"text": recommendation.text},
        )
    )
    return recommendation


def decide(
    policy: Policy, revision: Revision, actor: Actor, data: DecisionData, now: datetime
) -> Decision:
    """Approve or return the current revision, once its consultation is over and answered.

    Raises `Forbidden` for whom it is not, `Closed` when the policy is withdrawn or was not heard,
    `Stale` when the revision is decided on or no longer the current one, `Unmet` with the
    contributions that wait for a disposition, `Invalid` for outcome and reason.
    """
    if not may_decide(actor, policy):
        raise Forbidden(_("Only a leader responsible for this policy can decide on it."))
    policy = lock_policy(policy.id)
    _require_decidable(policy, revision, now)
    decision = Decision(
        revision_id=revision.id,
        outcome=_outcome(data.outcome),
        reason=checked_text(
            "reason", data.reason, LONGEST_REASON, compulsory=data.outcome == "returned"
        ),
        decided_at=now,
        decided_by_id=actor.account_id,
    )
    db.session.add(decision)
    policy.decision_outcome = decision.outcome
    conclude_round(policy, actor, now)
    db.session.flush()
    record(
        Event(
            "decision.made",
            actor.public_id,
            now,
            decision.public_id,
            policy.public_id,
            {"revision": revision.number, "outcome": decision.outcome},
            {"reason": decision.reason},
            row=decision,
        )
    )
    return decision


def require_heard(policy: Policy, now: datetime) -> None:
    """Raise `Closed` unless people were consulted on it, and no round is open or to come."""
    if not was_consulted(policy):
        raise Closed(
            _("Nobody was consulted"),
            _(
                "There was no consultation on this policy yet. It can be decided on after a "
                "consultation round."
            ),
        )
    consultation = policy.current_round
    if consultation is not None and consultation.state(now) in ("scheduled", "open"):
        raise Closed(
            _("The consultation is not over"),
            _(
                "The consultation closes on %(when)s. Until then nobody can decide on the "
                "revision, unless a drafter closes the round earlier.",
                when=moment(consultation.closes_at),
            ),
        )


def _require_decidable(policy: Policy, revision: Revision, now: datetime) -> None:
    require_under_way(policy)
    if revision.id != policy.current_revision_id:
        raise Stale(
            _("A newer revision is published"),
            _("A newer revision was published. Decide on that one."),
        )
    if policy.decision_outcome is not None:
        raise Stale(_("The revision is decided on"), _("This revision was already decided on."))
    if waiting := waiting_in(revision):
        raise Unmet(
            _("Some contributions to this revision have no disposition yet."),
            [
                {"thread": t.public_id, "number": t.number, "section": t.section_label}
                for t in waiting
            ],
        )
    require_heard(policy, now)


def _outcome(outcome: str) -> str:
    if outcome not in OUTCOMES:
        raise Invalid({"outcome": [_("Choose to approve it or to return it.")]})
    return outcome
