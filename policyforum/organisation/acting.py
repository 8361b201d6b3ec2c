"""Who acts, at a moment: a person's roles in force and the bodies they belong to."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import CompoundSelect, Integer, Row, bindparam, func, null, select, union_all

from policyforum.db.base import UtcDateTime
from policyforum.db.session import db
from policyforum.organisation.actor import Actor, Grant
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


def actor_for(someone: Someone, now: datetime) -> Actor:
    """The person as permissions see them at `now`. One query."""
    given = {"account_id": someone.id, "now": now}
    rows = db.session.connection().execute(_STANDING, given).all()
    grants = [row for row in rows if row.role is not None]
    bodies = sorted((row for row in rows if row.role is None), key=_newest_first)
    unit = next((body for body in bodies if body.unit_id is not None), None)
    associations = [body for body in bodies if body.association_id is not None]
    return Actor(
        account_id=someone.id,
        public_id=someone.public_id,
        name=someone.name,
        locale=someone.locale,
        grants=frozenset(
            Grant(row.role, row.path, row.policy_id, row.association_id) for row in grants
        ),
        unit_id=unit.unit_id if unit else None,
        unit_name=unit.name if unit else "",
        unit_path=unit.path if unit else None,
        association_ids=tuple(body.association_id for body in associations),
        association_names=tuple(body.name for body in associations),
    )


def _newest_first(body: Row[Any]) -> tuple[float, int]:
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
            RoleGrant.association_id,
            RoleGrant.unit_id,
            null().label("name"),
            RoleGrant.starts_at.label("since"),
        )
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .where(RoleGrant.account_id == account_id, in_force(now))
    )
    bodies = (
        select(
            Membership.id,
            null(),
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


_STANDING = _standing()
