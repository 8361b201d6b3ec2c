"""`may_see` as a condition of SQL, for lists: the same rule, asked of every policy at once."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from policyforum.organisation.actor import Actor, Grant
from policyforum.organisation.models import Unit
from policyforum.policies.models import Policy
from policyforum.policies.permissions import COMMENTING_ROLES, OVERSEEING_ROLES

BEFORE_PUBLICATION = ("drafter", "auditor", "admin")


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Which `Policy` rows the actor may see; agrees with `permissions.may_see`."""
    by_visibility = [Policy.visibility == "public"]
    if actor.roles - {"guest"}:
        by_visibility.append(Policy.visibility == "staff")
    by_visibility.append(covered_by(actor, OVERSEEING_ROLES))
    by_visibility.append(_with_a_seat(actor))
    published = and_(Policy.current_revision_id.is_not(None), or_(*by_visibility))
    return or_(covered_by(actor, BEFORE_PUBLICATION), published)


def covered_by(actor: Actor, roles: tuple[str, ...]) -> ColumnElement[bool]:
    """Which `Policy` rows lie in the scope of one of the actor's grants of these roles."""
    grants = [_covers(grant) for grant in actor.grants if grant.role in roles]
    return or_(false(), *grants)


def _covers(grant: Grant) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [true()]
    if grant.policy_id is not None:
        conditions.append(Policy.id == grant.policy_id)
    if grant.unit_path is not None:
        inside = select(Unit.id).where(Unit.path.startswith(grant.unit_path, autoescape=True))
        conditions.append(Policy.unit_id.in_(inside))
    return and_(*conditions)


def _with_a_seat(actor: Actor) -> ColumnElement[bool]:
    seats = [
        grant.policy_id
        for grant in actor.grants
        if grant.policy_id is not None and grant.role in COMMENTING_ROLES
    ]
    return Policy.id.in_(seats)
