"""A policy in brief: what decides who may do what on a page, in one query and without its texts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select

from policyforum.organisation.models import Unit
from policyforum.policies.models import Policy, Revision, Round, round_state


@dataclass(frozen=True, slots=True)
class RevisionBrief:
    """A revision that is known by row id and number."""

    id: int
    number: int


@dataclass(frozen=True, slots=True)
class RoundBrief:
    """A round, as permissions ask it."""

    audience: str
    opens_at: datetime
    closes_at: datetime
    concluded_at: datetime | None

    def state(self, now: datetime) -> str:
        """One of scheduled, open, closed, concluded."""
        return round_state(self.opens_at, self.closes_at, self.concluded_at, now)


@dataclass(frozen=True, slots=True)
class PolicyBrief:
    """A policy, as permissions ask it. `unit_name`: "" for the city's own."""

    id: int
    visibility: str
    unit_path: str | None
    unit_name: str
    withdrawn_at: datetime | None
    decision_outcome: str | None
    current_revision: RevisionBrief | None
    current_round: RoundBrief | None

    @property
    def current_revision_id(self) -> int | None:
        return self.current_revision.id if self.current_revision else None


AnyPolicy = Policy | PolicyBrief
AnyRound = Round | RoundBrief


def brief_query(*more: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """Columns for `brief_of`, then `more`, of the policy whose slug is the parameter `slug`."""
    policy, current, running, unit = _POLICY, _REVISION, _ROUND, _UNIT
    return (
        select(
            policy.c.id,
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
        .outerjoin(unit, unit.c.id == policy.c.unit_id)
        .outerjoin(current, current.c.id == policy.c.current_revision_id)
        .outerjoin(running, running.c.id == policy.c.current_round_id)
        .where(policy.c.slug == bindparam("slug"))
    )


def brief_of(row: tuple[Any, ...]) -> tuple[PolicyBrief, tuple[Any, ...]]:
    """A row of `brief_query` as a value, and what it asked for beyond that."""
    policy_id, visibility, path, unit, withdrawn_at, outcome, revision_id, number = row[:8]
    audience, opens_at, closes_at, concluded_at = row[8:12]
    brief = PolicyBrief(
        policy_id,
        visibility,
        path,
        unit or "",
        withdrawn_at,
        outcome,
        RevisionBrief(revision_id, number) if revision_id else None,
        RoundBrief(audience, opens_at, closes_at, concluded_at) if opens_at else None,
    )
    return brief, tuple(row[12:])


_POLICY = Policy.__table__
_UNIT = Unit.__table__
_REVISION = Revision.__table__.alias("current_revision")
_ROUND = Round.__table__.alias("current_round")
