"""Reading units, associations, memberships and roles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    func,
    or_,
    select,
)
from sqlalchemy.orm import joinedload

from policyforum.accounts.models import Account
from policyforum.db.session import db
from policyforum.organisation.models import Agency, Association, Membership, RoleGrant, Unit
from policyforum.web.paging import PAGE, Page, decode_cursor, page_of
from policyforum.web.problems import NotFound


@dataclass(frozen=True, slots=True)
class UnitNode:
    """A unit in the tree. `depth` 0 is a root; `people` work in it now, its subtree not counted."""

    unit: Unit
    depth: int
    people: int


@dataclass(frozen=True, slots=True)
class Person:
    """An account as administrators list it."""

    account: Account
    unit_name: str
    roles: tuple[str, ...]


def the_agency() -> Agency:
    """The city this installation serves; made when it is first needed."""
    agency = db.session.scalars(select(Agency).order_by(Agency.id).limit(1)).one_or_none()
    if agency is None:
        agency = Agency(code="city", name="")
        db.session.add(agency)
        db.session.flush()
    return agency


def unit_tree(now: datetime, *, with_closed: bool = False) -> list[UnitNode]:
    """Every unit, each after its parent, alike ones in the order of their names. One query."""
    people = (
        select(Membership.unit_id, func.count().label("people"))
        .where(Membership.unit_id.is_not(None), is_current(now))
        .group_by(Membership.unit_id)
        .subquery()
    )
    query = select(Unit, func.coalesce(people.c.people, 0)).outerjoin(
        people, people.c.unit_id == Unit.id
    )
    if not with_closed:
        query = query.where(Unit.closed_at.is_(None))
    counted = {unit.id: (unit, int(count)) for unit, count in db.session.execute(query)}
    children: dict[int | None, list[Unit]] = {}
    for unit, _count in counted.values():
        parent_id = unit.parent_id if unit.parent_id in counted else None
        children.setdefault(parent_id, []).append(unit)
    nodes: list[UnitNode] = []
    waiting = [(unit, 0) for unit in _by_name_backwards(children.get(None, []))]
    while waiting:
        unit, depth = waiting.pop()
        nodes.append(UnitNode(unit, depth, counted[unit.id][1]))
        waiting += [(child, depth + 1) for child in _by_name_backwards(children.get(unit.id, []))]
    return nodes


def unit_by_id(public_id: str) -> Unit:
    """The unit with this public id; raises `NotFound`."""
    unit = db.session.scalars(select(Unit).where(Unit.public_id == public_id)).one_or_none()
    if unit is None:
        raise NotFound
    return unit


def unit_by_code(code: str) -> Unit | None:
    """The unit with this code, however its letters are written."""
    return db.session.scalars(
        select(Unit).where(func.lower(Unit.code) == code.strip().lower())
    ).one_or_none()


def associations(*, with_closed: bool = False) -> Sequence[Association]:
    """Every association in the order of names."""
    query = select(Association).order_by(func.lower(Association.name), Association.id)
    if not with_closed:
        query = query.where(Association.closed_at.is_(None))
    return db.session.scalars(query).all()


def association_by_id(public_id: str) -> Association:
    """The association with this public id; raises `NotFound`."""
    found = db.session.scalars(
        select(Association).where(Association.public_id == public_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def people_page(
    now: datetime,
    *,
    scopes: tuple[str, ...] | None = None,
    words: str = "",
    role: str = "",
    cursor: str = "",
    limit: int = PAGE,
) -> Page[Person]:
    """Accounts in the order of names, found by words in name or address and by a role in force.

    `scopes`: only people who work, or hold a role, in these subtrees. Three queries whatever their
    number.
    """
    name = func.lower(Account.name)
    query = select(Account, name.label("sorted")).order_by(name, Account.id).limit(limit + 1)
    if scopes is not None:
        query = query.where(_within(scopes, now))
    for word in words.split():
        pattern = f"%{_like_literal(word.lower())}%"
        query = query.where(
            or_(name.like(pattern, escape="\\"), Account.email.like(pattern, escape="\\"))
        )
    if role:
        holders = select(RoleGrant.account_id).where(RoleGrant.role == role, in_force(now))
        query = query.where(Account.id.in_(holders))
    after = decode_cursor(cursor, (str, int))
    if after is not None:
        query = query.where(or_(name > after[0], and_(name == after[0], Account.id > after[1])))
    rows = db.session.execute(query).all()
    page = page_of(rows, limit, lambda row: [row.sorted, row.Account.id])
    return Page(_people([row.Account for row in page.items], now), page.next)


def person_by_id(public_id: str, scopes: tuple[str, ...] | None, now: datetime) -> Account:
    """The account with this public id, if it is within `scopes`; raises `NotFound`."""
    query = select(Account).where(Account.public_id == public_id)
    if scopes is not None:
        query = query.where(_within(scopes, now))
    account = db.session.scalars(query).one_or_none()
    if account is None:
        raise NotFound
    return account


def grants_of(account: Account, now: datetime) -> Sequence[RoleGrant]:
    """The person's roles that have not ended, with what they are limited to."""
    return db.session.scalars(
        select(RoleGrant)
        .where(
            RoleGrant.account_id == account.id,
            or_(RoleGrant.ends_at.is_(None), RoleGrant.ends_at > now),
        )
        .options(joinedload(RoleGrant.unit), joinedload(RoleGrant.association))
        .order_by(RoleGrant.role, RoleGrant.id)
    ).all()


def grant_by_id(public_id: str) -> RoleGrant:
    """The role grant with this public id; raises `NotFound`."""
    grant = db.session.scalars(
        select(RoleGrant).where(RoleGrant.public_id == public_id)
    ).one_or_none()
    if grant is None:
        raise NotFound
    return grant


def memberships_of(account: Account, now: datetime) -> Sequence[Membership]:
    """Where the person works and belongs now."""
    return db.session.scalars(
        select(Membership)
        .where(Membership.account_id == account.id, is_current(now))
        .options(joinedload(Membership.unit), joinedload(Membership.association))
        .order_by(Membership.since.desc(), Membership.id.desc())
    ).all()


def open_memberships(account: Account) -> Sequence[Membership]:
    """Those that nobody has ended, whatever the time: for whoever changes them."""
    return db.session.scalars(
        select(Membership)
        .where(Membership.account_id == account.id, Membership.until.is_(None))
        .options(joinedload(Membership.unit), joinedload(Membership.association))
        .order_by(Membership.since.desc(), Membership.id.desc())
        .execution_options(populate_existing=True)
    ).all()


def in_force(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Role grants whose term includes `now`."""
    return and_(
        RoleGrant.starts_at <= now, or_(RoleGrant.ends_at.is_(None), RoleGrant.ends_at > now)
    )


def city_wide_admins(now: datetime) -> Select[int]:
    """Ids of the active accounts that administer everything, without an end in sight."""
    return (
        select(RoleGrant.account_id)
        .join(RoleGrant.account)
        .where(
            RoleGrant.role == "admin",
            RoleGrant.unit_id.is_(None),
            RoleGrant.policy_id.is_(None),
            RoleGrant.association_id.is_(None),
            RoleGrant.starts_at <= now,
            RoleGrant.ends_at.is_(None),
            Account.disabled_at.is_(None),
        )
    )


def _people(accounts: Sequence[Account], now: datetime) -> list[Person]:
    ids = [account.id for account in accounts]
    roles: dict[int, set[str]] = {}
    for account_id, role in db.session.execute(
        select(RoleGrant.account_id, RoleGrant.role).where(
            RoleGrant.account_id.in_(ids), in_force(now)
        )
    ):
        roles.setdefault(account_id, set()).add(role)
    workplaces = db.session.execute(
        select(Membership.account_id, Unit.name)
        .join(Membership.unit)
        .where(Membership.account_id.in_(ids), is_current(now))
        .order_by(Membership.since, Membership.id)
    )
    units = {account_id: name for account_id, name in workplaces}  # noqa: C416  (a result is no dict)
    return [
        Person(account, units.get(account.id, ""), tuple(sorted(roles.get(account.id, ()))))
        for account in accounts
    ]


def _within(scopes: tuple[str, ...], now: datetime) -> ColumnElement[bool]:
    """Accounts that work, or hold a role, in one of these subtrees."""
    under = or_(*(Unit.path.startswith(path, autoescape=True) for path in scopes))
    works = select(Membership.account_id).join(Membership.unit).where(is_current(now), under)
    holds = select(RoleGrant.account_id).join(RoleGrant.unit).where(in_force(now), under)
    return or_(Account.id.in_(works), Account.id.in_(holds))


def is_current(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    return and_(Membership.since <= now, or_(Membership.until.is_(None), Membership.until > now))


def _by_name_backwards(units: list[Unit]) -> list[Unit]:
    return sorted(units, key=lambda unit: (unit.name.casefold(), unit.id), reverse=True)


def _like_literal(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
