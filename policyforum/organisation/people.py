"""What administrators do with people: bring them in, tell where they work, give and end roles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from policyforum.accounts import services as accounts
from policyforum.accounts.models import Account
from policyforum.accounts.passwords import temporary_password
from policyforum.accounts.services import AccountData
from policyforum.audit.chain import timestamp
from policyforum.audit.record import Event, record
from policyforum.db.session import db, lock_row
from policyforum.organisation.actor import Actor
from policyforum.organisation.models import ROLES, Association, Membership, RoleGrant, Unit
from policyforum.organisation.permissions import may_administer, may_manage
from policyforum.organisation.queries import city_wide_admins, grants_of, open_memberships
from policyforum.web.problems import Forbidden, Invalid
from policyforum.web.texts import checked_line

LONGEST_POSITION = 200
FOR_ASSOCIATIONS = ("representative",)


@dataclass(frozen=True, slots=True)
class GrantData:
    """A role limited to a unit with all under it, to a policy (its id), or to nothing.

    `association`: whom a representative speaks for. `ends_at` None: until it is ended.
    """

    role: str
    unit: Unit | None = None
    association: Association | None = None
    policy_id: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PersonData:
    """`unit`: where the person works. `password` None: a temporary one is made."""

    email: str
    name: str
    grant: GrantData
    unit: Unit | None = None
    position: str = ""
    password: str | None = None


def add_person(actor: Actor, data: PersonData, now: datetime) -> tuple[Account, str | None]:
    """Bring a person in with a first role; → the account and, if one was made, its password.

    Raises `Forbidden` outside of the actor's scope, `Invalid` for a field that can't be taken.
    """
    _require_scope(actor, data.unit)
    made = None if data.password is not None else temporary_password()
    account = accounts.create_account(
        actor.public_id,
        AccountData(data.email, data.name),
        data.password or made or "",
        now,
        temporary=made is not None,
    )
    if data.unit is not None:
        assign_unit(account, actor, data.unit, data.position, now)
    if data.grant.association is not None:
        join_association(account, actor, data.grant.association, now)
    grant_role(account, actor, data.grant, now)
    return account, made


def change_person(account: Account, actor: Actor, data: AccountData, now: datetime) -> None:
    """Another name or e-mail address. Raises `Forbidden`, and `Invalid` for either."""
    require_manageable(account, actor, now)
    accounts.change_account(account, actor.public_id, data, now)


def assign_unit(
    account: Account, actor: Actor, unit: Unit | None, position: str, now: datetime
) -> None:
    """The person works in another unit from now on (None: in none), or in another position.

    Raises `Forbidden` outside of the actor's scope, `Invalid` for a closed unit or the position.
    """
    require_manageable(account, actor, now)
    _require_scope(actor, unit)
    position = checked_line("position", position, LONGEST_POSITION, compulsory=False)
    current = [m for m in open_memberships(account) if m.unit_id is not None]
    if unit and [(m.unit_id, m.position) for m in current] == [(unit.id, position)]:
        return
    for membership in current:
        membership.until = now
    db.session.flush()
    if unit is not None:
        if unit.closed_at is not None:
            raise Invalid({"unit": [_("This unit is closed.")]})
        db.session.add(
            Membership(account_id=account.id, unit_id=unit.id, position=position, since=now)
        )
    db.session.flush()
    _record("account.changed", account, actor, now, unit=unit.public_id if unit else None)


def join_association(
    account: Account, actor: Actor, association: Association, now: datetime
) -> None:
    """The person belongs to an association from now on. Raises `Forbidden`, `Invalid`."""
    require_manageable(account, actor, now)
    if association.closed_at is not None:
        raise Invalid({"association": [_("This association is closed.")]})
    if any(m.association_id == association.id for m in open_memberships(account)):
        return
    db.session.add(Membership(account_id=account.id, association_id=association.id, since=now))
    db.session.flush()
    _record("account.changed", account, actor, now, association=association.public_id)


def leave_association(
    account: Account, actor: Actor, association: Association, now: datetime
) -> None:
    """The person no longer belongs to it. Raises `Forbidden`."""
    require_manageable(account, actor, now)
    for membership in open_memberships(account):
        if membership.association_id == association.id:
            membership.until = now
            _record("account.changed", account, actor, now, association=None)


def grant_role(account: Account, actor: Actor, data: GrantData, now: datetime) -> RoleGrant:
    """Give a role; it holds from `starts_at` (now) until `ends_at` or until it is ended.

    Raises `Forbidden` outside of the actor's scope, `Invalid` for what does not go together.
    """
    _require_scope(actor, data.unit)
    starts_at = data.starts_at or now
    _check_grant(data, starts_at, now)
    grant = RoleGrant(
        account_id=account.id,
        role=data.role,
        unit_id=data.unit.id if data.unit else None,
        association_id=data.association.id if data.association else None,
        policy_id=data.policy_id,
        starts_at=starts_at,
        ends_at=data.ends_at,
        granted_by_id=actor.account_id,
    )
    db.session.add(grant)
    db.session.flush()
    limits = {
        "unit": data.unit.public_id if data.unit else None,
        "association": data.association.public_id if data.association else None,
        "policy_id": grant.policy_id,
        "starts_at": timestamp(starts_at),
        "ends_at": timestamp(data.ends_at) if data.ends_at else None,
    }
    _record("role.granted", account, actor, now, grant=grant.public_id, role=grant.role, **limits)
    return grant


def end_role(grant: RoleGrant, actor: Actor, now: datetime) -> None:
    """End a role now; doing it twice is once.

    Raises `Forbidden` outside of the actor's scope, `Invalid` when nobody would be left who
    administers the whole city.
    """
    _require_scope(actor, grant.unit)
    planned = grant.ends_at
    _lock_grants()
    lock_row(grant)
    was_ended_meanwhile = grant.ends_at != planned
    if was_ended_meanwhile or (grant.ends_at is not None and grant.ends_at <= now):
        return
    grant.ends_at = now
    db.session.flush()
    _require_an_admin(now)
    _record("role.ended", grant.account, actor, now, grant=grant.public_id, role=grant.role)


def disable_person(account: Account, actor: Actor, now: datetime) -> None:
    """The person no longer comes in.

    Raises `Forbidden`, and `Invalid` for the actor's own account and the last administrator's.
    """
    require_manageable(account, actor, now)
    if account.id == actor.account_id:
        raise Invalid({"account": [_("You cannot close your own account.")]})
    _lock_grants()
    accounts.disable_account(account, actor.public_id, now)
    db.session.flush()
    _require_an_admin(now)


def enable_person(account: Account, actor: Actor, now: datetime) -> None:
    """The person comes in again. Raises `Forbidden`."""
    require_manageable(account, actor, now)
    accounts.enable_account(account, actor.public_id, now)


def reset_password(account: Account, actor: Actor, now: datetime) -> str:
    """A new temporary password for somebody who is locked out; → to be told to them once.

    Raises `Forbidden`.
    """
    require_manageable(account, actor, now)
    password = temporary_password()
    accounts.set_temporary_password(account, actor.public_id, password, now)
    return password


def require_manageable(account: Account, actor: Actor, now: datetime) -> None:
    """Raise `Forbidden` unless everything the person holds lies within the actor's scope.

    Until the transaction ends nobody else changes the person, or where they work and belong.
    """
    lock_row(account)
    works_in = [m.unit.path for m in open_memberships(account) if m.unit is not None]
    holds = [grant.unit.path if grant.unit else None for grant in grants_of(account, now)]
    if not may_manage(actor, [*works_in, *holds]):
        raise Forbidden(_("This person lies outside what you administer."))
    is_being_brought_in = account.created_at == now
    if not works_in and not holds and not is_being_brought_in and not may_administer(actor, None):
        raise Forbidden(_("This person lies outside what you administer."))


def _check_grant(data: GrantData, starts_at: datetime, now: datetime) -> None:
    if data.role not in ROLES:
        raise Invalid({"role": [_("There is no such role.")]})
    if data.association is not None and data.role not in FOR_ASSOCIATIONS:
        raise Invalid({"association": [_("Only representatives speak for an association.")]})
    if data.unit is not None and data.policy_id is not None:
        raise Invalid({"unit": [_("Limit the role to a unit or to a policy, not to both.")]})
    if data.role == "admin" and data.policy_id is not None:
        raise Invalid({"role": [_("Administrators are not limited to a policy.")]})
    if data.ends_at is not None and data.ends_at <= max(starts_at, now):
        raise Invalid({"ends_at": [_("The role has to end after it begins, in the future.")]})


def _require_scope(actor: Actor, unit: Unit | None) -> None:
    if not may_administer(actor, unit.path if unit else None):
        raise Forbidden(_("This lies outside what you administer."))


def _lock_grants() -> None:
    """Two administrators must not end each other's role at the same moment."""
    admins = select(RoleGrant.id).where(RoleGrant.role == "admin").order_by(RoleGrant.id)
    db.session.execute(admins.with_for_update())


def _require_an_admin(now: datetime) -> None:
    if db.session.execute(city_wide_admins(now).limit(1)).first() is None:
        raise Invalid(
            {"role": [_("Somebody has to administer the whole city, without an end date.")]}
        )


def _record(verb: str, account: Account, actor: Actor, now: datetime, **facts: object) -> None:
    subject = f"account:{account.public_id}"
    record(Event(verb, actor.public_id, now, subject, facts=facts, row=account))
