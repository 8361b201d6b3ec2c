"""What administration pages need from several packages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from policyforum.accounts.models import Account
from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.organisation.models import Association, Unit
from policyforum.organisation.queries import grants_of
from policyforum.policies.models import Policy
from policyforum.policies.visibility import visible_to
from policyforum.web.problems import NotFound

MOST_POLICIES = 300


@dataclass(frozen=True, slots=True)
class Counts:
    units: int
    associations: int
    people: int
    disabled: int


def counts() -> Counts:
    """How much there is of each. One query."""
    row = db.session.execute(
        select(
            select(func.count(Unit.id)).where(Unit.closed_at.is_(None)).scalar_subquery(),
            select(func.count(Association.id))
            .where(Association.closed_at.is_(None))
            .scalar_subquery(),
            select(func.count(Account.id)).where(Account.disabled_at.is_(None)).scalar_subquery(),
            select(func.count(Account.id))
            .where(Account.disabled_at.is_not(None))
            .scalar_subquery(),
        )
    ).one()
    return Counts(*row)


def policies_to_seat_at() -> Sequence[Policy]:
    """The newest policies that people can be invited to."""
    return db.session.scalars(
        select(Policy)
        .where(Policy.withdrawn_at.is_(None))
        .order_by(Policy.id.desc())
        .limit(MOST_POLICIES)
    ).all()


def policy_by_public_id(public_id: str) -> Policy:
    """The policy with this public id; raises `NotFound`."""
    policy = db.session.scalars(select(Policy).where(Policy.public_id == public_id)).one_or_none()
    if policy is None:
        raise NotFound
    return policy


def seat_titles(account: Account, actor: Actor, now: datetime) -> dict[int, str]:
    """Titles of the policies the person has a seat at and the actor may see, by id."""
    ids = [grant.policy_id for grant in grants_of(account, now) if grant.policy_id is not None]
    rows = db.session.execute(
        select(Policy.id, Policy.title).where(Policy.id.in_(ids), visible_to(actor))
    )
    return {row.id: row.title for row in rows}
