"""What waits on a drafter's desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.policies.models import Policy
from policyforum.policies.permissions import may_draft


@dataclass(frozen=True, slots=True)
class Desk:
    """A published policy one drafts. `waiting`: its contributions without a disposition.

    `round_state`: that of the current round; None when the current revision has none.
    """

    slug: str
    title: str
    revision: int
    threads: int
    waiting: int
    round_state: str | None
    closes_at: datetime | None
    path: str


def desks(actor: Actor, now: datetime) -> list[Desk]:
    """The policies of a drafter that are under way, most waiting first. One query."""
    policies = db.session.scalars(
        select(Policy)
        .where(Policy.withdrawn_at.is_(None), Policy.current_revision_id.is_not(None))
        .options(
            joinedload(Policy.unit),
            joinedload(Policy.current_revision),
            joinedload(Policy.current_round),
        )
    )
    found = [_desk(policy, now) for policy in policies if may_draft(actor, policy)]
    return sorted(found, key=lambda desk: (-desk.waiting, desk.title))


def _desk(policy: Policy, now: datetime) -> Desk:
    consultation, revision = policy.current_round, policy.current_revision
    return Desk(
        slug=policy.slug,
        title=policy.title,
        revision=revision.number if revision else 0,
        threads=consultation.threads if consultation else 0,
        waiting=consultation.waiting if consultation else 0,
        round_state=consultation.state(now) if consultation else None,
        closes_at=consultation.closes_at if consultation else None,
        path=f"/policies/{policy.slug}/worksheet",
    )
