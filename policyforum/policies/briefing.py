"""Reading a policy in brief: one query, put together once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select

from policyforum.audit.queries import newest_about
from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.organisation.models import Agency, Unit
from policyforum.policies.brief import PolicyBrief, RevisionBrief, RoundBrief
from policyforum.policies.models import Policy, Revision, Round
from policyforum.policies.permissions import may_see
from policyforum.web.problems import NotFound


def brief_at(slug: str, actor: Actor) -> PolicyBrief:
    """The policy in brief; `NotFound` if not for this actor. One query."""
    brief, _rest = read_brief(_BRIEF, {"slug": slug}, actor)
    return brief


def read_brief(
    query: Select[*tuple[Any, ...]], given: dict[str, Any], actor: Actor
) -> tuple[PolicyBrief, tuple[Any, ...]]:
    """Carry out a `brief_query`: the brief, and what the query asked for beyond it."""
    row = None
    if "\x00" not in given["slug"]:
        row = db.session.connection().execute(query, given).one_or_none()
    if row is None:
        raise NotFound
    brief = _brief_of(row)
    if not may_see(actor, brief):
        raise NotFound
    return brief, tuple(row[_COLUMNS:])


def brief_query(*more: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """For `read_brief`: the policy whose slug is the parameter `slug`, and `more` beside it."""
    policy, current, running, unit = _POLICY, _REVISION, _ROUND, _UNIT
    return (
        select(
            policy.c.id,
            newest_about(policy.c.public_id),
            Agency.name,
            policy.c.visibility,
            unit.c.path,
            unit.c.name,
            policy.c.withdrawn_at,
            policy.c.decision_outcome,
            current.c.id,
            current.c.number,
            running.c.audience,
            running.c.opens_at,
            running.c.closes_at,
            running.c.concluded_at,
            *more,
        )
        .select_from(policy)
        .join(Agency, Agency.id == policy.c.agency_id)
        .outerjoin(unit, unit.c.id == policy.c.unit_id)
        .outerjoin(current, current.c.id == policy.c.current_revision_id)
        .outerjoin(running, running.c.id == policy.c.current_round_id)
        .where(policy.c.slug == bindparam("slug"))
    )


def _brief_of(row: Sequence[Any]) -> PolicyBrief:
    policy_id, newest, agency, visibility, path, unit, withdrawn_at, outcome = row[:8]
    revision_id, number, audience, opens_at, closes_at, concluded_at = row[8:_COLUMNS]
    return PolicyBrief(
        policy_id,
        newest or 0,
        agency,
        visibility,
        path,
        unit or "",
        withdrawn_at,
        outcome,
        RevisionBrief(revision_id, number) if revision_id else None,
        RoundBrief(audience, opens_at, closes_at, concluded_at) if opens_at else None,
    )


_COLUMNS = 14
_POLICY = Policy.__table__
_UNIT = Unit.__table__
_REVISION = Revision.__table__.alias("current_revision")
_ROUND = Round.__table__.alias("current_round")
_BRIEF = brief_query()
