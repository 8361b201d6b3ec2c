"""Who acts, at a moment: a person's roles in force and the bodies they belong to."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple, Protocol

from sqlalchemy import (
    CompoundSelect,
    Integer,
    and_,
    bindparam,
    func,
    literal,
    null,
    select,
    union_all,
)

from policyforum.db.asking import Question
from policyforum.db.base import UtcDateTime
from policyforum.organisation.actor import Actor, Grant, SpokenFor
from policyforum.organisation.models import Association, Membership, RoleGrant, Unit
from policyforum.organisation.queries import in_force, is_current


class Someone(Protocol):
    """An account, or what is known of it in brief."""

    @property
    def id(self) -> int: ...
    @property
    def public_id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def locale(self) -> str | None: ...


class Standing(NamedTuple):
    """A role somebody has in a body, or a body they belong to: then `role` is "".

    With a role, `association_id` and `name` tell whom it speaks for, as long as that is open.
    """

    id: int
    role: str
    path: str | None
    policy_id: int | None
    association_id: int | None
    unit_id: int | None
    name: str
    since: datetime


def actor_for(someone: Someone, now: datetime) -> Actor:
    """The person as permissions see them at `now`. One query."""
    given = {"account_id": someone.id, "now": now}
    rows = [Standing(*row) for row in _STANDING.rows(given)]
    grants = sorted((row for row in rows if row.role), key=_newest_first)
    bodies = sorted((row for row in rows if not row.role), key=_newest_first)
    unit = next((body for body in bodies if body.unit_id is not None), None)
    associations = [
        (body.association_id, body.name) for body in bodies if body.association_id is not None
    ]
    return Actor(
        account_id=someone.id,
        public_id=someone.public_id,
        name=someone.name,
        locale=someone.locale,
        grants=frozenset(_grant(row) for row in grants),
        unit_id=unit.unit_id if unit else None,
        unit_name=unit.name if unit else "",
        unit_path=unit.path if unit else None,
        spoken_for=tuple(
            SpokenFor(_grant(row), row.association_id, row.name)
            for row in grants
            if row.association_id is not None
        ),
        association_ids=tuple(number for number, _name in associations),
        association_names=tuple(name for _number, name in associations),
    )


def _grant(given: Standing) -> Grant:
    return Grant(given.role, given.path, given.policy_id)


def _newest_first(body: Standing) -> tuple[float, int]:
    return -body.since.timestamp(), -body.id


def _standing() -> CompoundSelect[Any]:
    """Roles in force and bodies belonged to; asked at every request, so put together once."""
    now = bindparam("now", type_=UtcDateTime())
    account_id = bindparam("account_id", type_=Integer())
    grants = (
        select(
            RoleGrant.id,
            RoleGrant.role,
            Unit.path,
            RoleGrant.policy_id,
            Association.id.label("association_id"),
            RoleGrant.unit_id,
            func.coalesce(Association.name, "").label("name"),
            RoleGrant.starts_at.label("since"),
        )
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .outerjoin(
            Association,
            and_(Association.id == RoleGrant.association_id, Association.closed_at.is_(None)),
        )
        .where(RoleGrant.account_id == account_id, in_force(now))
    )
    bodies = (
        select(
            Membership.id,
            literal(""),
            Unit.path,
            null(),
            Membership.association_id,
            Membership.unit_id,
            func.coalesce(Unit.name, Association.name),
            Membership.since,
        )
        .select_from(Membership)
        .outerjoin(Unit, Unit.id == Membership.unit_id)
        .outerjoin(Association, Association.id == Membership.association_id)
        .where(Membership.account_id == account_id, is_current(now))
    )
    return union_all(grants, bodies)


_STANDING = Question(_standing())
