"""A policy in brief: what every contribution has to know of it, as plain values.

Read by statements put together once: a contribution asks twice, before it may write and while it
does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import FromClause, Select, bindparam, select

from policyforum.db.base import table_of
from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.organisation.models import Unit
from policyforum.policies.models import Policy, Revision, Round, round_state
from policyforum.policies.permissions import may_see
from policyforum.web.problems import NotFound


@dataclass(frozen=True, slots=True)
class RoundBrief:
    id: int
    audience: str
    opens_at: datetime
    closes_at: datetime
    concluded_at: datetime | None

    def state(self, now: datetime) -> str:
        """As of `round_state`."""
        return round_state(self.opens_at, self.closes_at, self.concluded_at, now)


@dataclass(frozen=True, slots=True)
class PolicyBrief:
    """`current_round`: the newest round of the current revision, if it has one."""

    current_round: RoundBrief | None
    id: int
    public_id: str
    slug: str
    title: str
    visibility: str
    current_revision_id: int | None
    withdrawn_at: datetime | None
    unit_path: str | None


def policy_in_brief(slug: str, actor: Actor) -> PolicyBrief:
    """The policy with this slug, or `NotFound` if not for this actor."""
    row = None
    if "\x00" not in slug:
        row = db.session.connection().execute(_BY_SLUG, {"slug": slug}).one_or_none()
    if row is None or not may_see(actor, brief := brief_of(row)):
        raise NotFound
    return brief


def locked_in_brief(policy_id: int) -> PolicyBrief:
    """The policy as it is now, held for writing until the transaction ends."""
    return _held(_LOCK, policy_id)


def held_in_brief(policy_id: int) -> PolicyBrief:
    """The policy as it is now, held so that nobody publishes or closes meanwhile."""
    return _held(_HOLD, policy_id)


def revision_id_of(policy: PolicyBrief, number: int) -> int:
    """The row id of the policy's nth revision, or `NotFound`."""
    found: int | None = None
    if 0 < number < 2**31:
        given = {"policy_id": policy.id, "number": number}
        found = db.session.connection().execute(_REVISION, given).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def brief_of(row: Sequence[Any]) -> PolicyBrief:
    """From a row that begins with the columns of `in_brief`."""
    consultation = row[8:13]
    current = None if consultation[0] is None else RoundBrief(*consultation)
    return PolicyBrief(current, *row[:8])


def in_brief(among: FromClause, *more: Any) -> Select[Any]:
    """The policies in `among` with unit and round as `brief_of` reads them, and `more` columns."""
    unit, current = table_of(Unit), table_of(Round)
    return (
        select(
            _POLICY.c.id,
            _POLICY.c.public_id,
            _POLICY.c.slug,
            _POLICY.c.title,
            _POLICY.c.visibility,
            _POLICY.c.current_revision_id,
            _POLICY.c.withdrawn_at,
            unit.c.path,
            current.c.id,
            current.c.audience,
            current.c.opens_at,
            current.c.closes_at,
            current.c.concluded_at,
            *more,
        )
        .select_from(among)
        .outerjoin(unit, unit.c.id == _POLICY.c.unit_id)
        .outerjoin(current, current.c.id == _POLICY.c.current_round_id)
    )


def _held(lock: Select[Any], policy_id: int) -> PolicyBrief:
    connection = db.session.connection()
    # Locked first, then read by a statement of its own: one that waited for the lock would show
    # the policy as it is now beside the round as it was before.
    connection.execute(lock, {"policy_id": policy_id})
    return brief_of(connection.execute(_BY_ID, {"policy_id": policy_id}).one())


_POLICY = table_of(Policy)
_BY_SLUG = in_brief(_POLICY).where(_POLICY.c.slug == bindparam("slug"))
_BY_ID = in_brief(_POLICY).where(_POLICY.c.id == bindparam("policy_id"))
_ID = select(_POLICY.c.id).where(_POLICY.c.id == bindparam("policy_id"))
_LOCK = _ID.with_for_update(key_share=True)
_HOLD = _ID.with_for_update(read=True)
_REVISION = select(table_of(Revision).c.id).where(
    table_of(Revision).c.policy_id == bindparam("policy_id"),
    table_of(Revision).c.number == bindparam("number"),
)
