"""Reading decisions and recommendations, and what waits for a decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from policyforum.db.session import db
from policyforum.decisions.models import Decision, Recommendation
from policyforum.organisation.actor import Actor
from policyforum.policies.models import Policy, Revision
from policyforum.policies.permissions import may_decide
from policyforum.policies.queries import where_it_stands
from policyforum.policies.status import status_expression


@dataclass(frozen=True, slots=True)
class WaitingDecision:
    """A policy whose revision a leader can decide on. `since`: when its consultation ended."""

    slug: str
    title: str
    revision: int
    threads: int
    since: datetime
    path: str


def decisions_waiting(actor: Actor, now: datetime) -> list[WaitingDecision]:
    """What waits for this leader's decision, the longest first. One query."""
    if not actor.has_role("leader"):
        return []
    policies = db.session.scalars(
        select(Policy).where(status_expression(now) == "deciding").options(*where_it_stands())
    )
    found = [
        _waiting(policy, policy.current_revision)
        for policy in policies
        if policy.current_revision is not None and may_decide(actor, policy)
    ]
    return sorted(found, key=lambda entry: entry.since)


def decisions_of(policy: Policy) -> Sequence[Decision]:
    """All decisions on a policy, newest first, each with its revision and who decided."""
    return db.session.scalars(
        select(Decision)
        .join(Decision.revision)
        .where(Revision.policy_id == policy.id)
        .order_by(Revision.number.desc())
        .options(contains_eager(Decision.revision), joinedload(Decision.decided_by))
    ).all()


def recommendation_on(revision: Revision) -> Recommendation | None:
    """The advice that counts."""
    return db.session.scalars(
        select(Recommendation)
        .where(Recommendation.revision_id == revision.id)
        .order_by(Recommendation.id.desc())
        .limit(1)
        .options(joinedload(Recommendation.given_by))
    ).one_or_none()


def _waiting(policy: Policy, revision: Revision) -> WaitingDecision:
    consultation = policy.current_round
    return WaitingDecision(
        slug=policy.slug,
        title=policy.title,
        revision=revision.number,
        threads=consultation.threads if consultation else 0,
        since=consultation.closes_at if consultation else revision.published_at,
        path=f"/policies/{policy.slug}/decision",
    )
