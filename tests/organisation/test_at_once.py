"""Two who change the same person, unit or association at one moment come one after the other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from policyforum.accounts.models import Account
from policyforum.accounts.queries import account_by_email
from policyforum.accounts.services import AccountData
from policyforum.audit.models import AuditEntry
from policyforum.audit.verifying import verify_record
from policyforum.db.session import db, transaction
from policyforum.organisation import people, services
from policyforum.organisation.actor import PROGRAM
from policyforum.organisation.models import Association, Membership, RoleGrant, Unit
from policyforum.organisation.queries import unit_by_code
from policyforum.organisation.services import AssociationData, UnitData
from policyforum.web.clock import now
from tests.engines import ENGINES
from tests.people import make_person, make_unit
from tests.waiting import together

EMAIL = "dadang@kota.example"


@pytest.fixture
def at_once(app: Flask, engine: str, database_url: str) -> Callable[..., None]:
    """Carries acts out at one moment: all of them have looked before the first one writes."""
    if engine == ENGINES[0]:
        pytest.skip("writers of SQLite stand in line: see test_queue.py")
    make_person(app, EMAIL, "staff")

    def carry_out(*acts: Callable[[], object]) -> None:
        held = "SELECT id FROM {} FOR UPDATE"
        tables = ("accounts", "agencies", "associations", "audit_head", "role_grants")
        together(app, *acts, database_url=database_url, held="; ".join(map(held.format, tables)))

    return carry_out


def count(app: Flask, verb: str) -> int:
    with app.app_context():
        query = select(func.count()).where(AuditEntry.verb == verb)
        return db.session.scalars(query).one()


def dadang() -> Account:
    account = account_by_email(EMAIL)
    assert account is not None
    return account


def the_association() -> Association:
    return db.session.scalars(select(Association)).one()


def found_association(app: Flask) -> None:
    with app.app_context(), transaction():
        services.add_association(PROGRAM, AssociationData("KORPRI", "KORPRI", 10), now())


def require_whole(app: Flask) -> None:
    with app.app_context():
        verdict = verify_record()
        assert verdict.broken_seq is None, verdict


def test_who_leaves_twice_leaves_once(app: Flask, at_once: Callable[..., None]) -> None:
    found_association(app)
    with app.app_context(), transaction():
        people.join_association(dadang(), PROGRAM, the_association(), now())
    before = count(app, "account.changed")

    def leave() -> None:
        people.leave_association(dadang(), PROGRAM, the_association(), now())

    at_once(leave, leave)
    assert count(app, "account.changed") == before + 1
    require_whole(app)


def test_a_person_works_in_one_unit_whoever_assigns_them(
    app: Flask, at_once: Callable[..., None]
) -> None:
    for code in ("DINKES", "DISDIK"):
        make_unit(app, code)

    def assign(code: str) -> Callable[[], None]:
        def carry_out() -> None:
            people.assign_unit(dadang(), PROGRAM, unit_by_code(code), "", now())

        return carry_out

    at_once(assign("DINKES"), assign("DISDIK"))
    with app.app_context():
        works = select(Unit.code).join(Membership, Membership.unit_id == Unit.id)
        assert db.session.scalars(works.where(Membership.until.is_(None))).all() == ["DISDIK"]
    require_whole(app)


def test_a_role_ends_once(app: Flask, at_once: Callable[..., None]) -> None:
    def end() -> None:
        grant = db.session.scalars(select(RoleGrant).where(RoleGrant.role == "staff")).one()
        people.end_role(grant, PROGRAM, now())

    with app.app_context(), transaction():
        people.grant_role(dadang(), PROGRAM, people.GrantData("admin"), now())
    at_once(end, end)
    assert count(app, "role.ended") == 1


def test_an_account_is_closed_once(app: Flask, at_once: Callable[..., None]) -> None:
    make_person(app, "sinta@kota.example", "admin")

    def disable() -> None:
        people.disable_person(dadang(), PROGRAM, now())

    at_once(disable, disable)
    assert count(app, "account.disabled") == 1
    require_whole(app)


def test_names_on_record_are_those_kept(app: Flask, at_once: Callable[..., None]) -> None:
    def rename(name: str, email: str) -> Callable[[], None]:
        def carry_out() -> None:
            people.change_person(dadang(), PROGRAM, AccountData(email, name), now())

        return carry_out

    at_once(rename("Dadang Suryana", EMAIL), rename("Dadang", "suryana@kota.example"))
    require_whole(app)


def test_what_is_said_of_a_unit_is_what_it_is(app: Flask, at_once: Callable[..., None]) -> None:
    for code in ("DINKES", "BIDANG"):
        make_unit(app, code)

    def bidang() -> Unit:
        unit = unit_by_code("BIDANG")
        assert unit is not None
        return unit

    def move() -> None:
        services.move_unit(bidang(), PROGRAM, unit_by_code("DINKES"), now())

    def recount() -> None:
        services.change_unit(bidang(), PROGRAM, UnitData("BIDANG", "Bidang", 7), now())

    def close() -> None:
        services.close_unit(bidang(), PROGRAM, now())

    def reopen() -> None:
        services.reopen_unit(bidang(), PROGRAM, now())

    at_once(move, recount)
    require_whole(app)
    at_once(recount, close)
    require_whole(app)
    at_once(reopen, reopen)
    require_whole(app)
    assert count(app, "unit.changed") == 5


def test_what_is_said_of_an_association_is_what_it_is(
    app: Flask, at_once: Callable[..., None]
) -> None:
    found_association(app)

    def recount() -> None:
        data = AssociationData("KORPRI", "KORPRI", 12)
        services.change_association(the_association(), PROGRAM, data, now())

    def close() -> None:
        services.close_association(the_association(), PROGRAM, now())

    def reopen() -> None:
        services.reopen_association(the_association(), PROGRAM, now())

    at_once(close, recount)
    require_whole(app)
    at_once(reopen, reopen)
    assert count(app, "association.changed") == 3
    require_whole(app)
