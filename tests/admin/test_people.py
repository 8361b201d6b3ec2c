"""Bringing people in, and what they may do afterwards."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from policyforum.accounts.queries import account_by_email
from policyforum.audit.models import AuditEntry
from policyforum.audit.verifying import verify_record
from policyforum.db.session import db, transaction
from policyforum.drafting.services import start_policy
from policyforum.organisation.acting import actor_for
from policyforum.organisation.actor import PROGRAM
from policyforum.organisation.people import GrantData, grant_role
from policyforum.organisation.services import AssociationData, add_association
from policyforum.policies.services import PolicyData
from tests.api.program import Program
from tests.people import PASSWORD, Browser, make_person, make_token, make_unit

ADMIN = "admin@bandung.example"
NEW_PASSWORD = "tangkuban perahu tertutup kabut"


@pytest.fixture
def admin(app: Flask) -> Browser:
    make_unit(app, "DINKES")
    make_unit(app, "DISDIK")
    make_person(app, ADMIN, "admin", name="Sinta")
    browser = Browser(app)
    browser.sign_in(ADMIN)
    return browser


def option(browser: Browser, path: str, label: str) -> str:
    """The value of the choice with this label."""
    page = browser.get(path).get_data(as_text=True)
    found = re.search(rf'<option (?:selected )?value="([^"]*)">\s*{re.escape(label)}\s*<', page)
    assert found is not None, label
    return found.group(1)


def bring_in(admin: Browser, email: str, role: str, **more: str) -> tuple[str, str]:
    """→ the path of the new person's page, and the password that it shows."""
    form = {"name": "Budi Santoso", "email": email, "role": role, "scope": "", **more}
    answer = admin.post("/admin/people/new", form)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.location, shown_password(admin, answer.location)


def shown_password(admin: Browser, path: str) -> str:
    """The temporary password that the person's page shows this once."""
    page = admin.get(path).get_data(as_text=True)
    shown = re.search(r'class="token-secret">([a-z0-9-]{23})<', page)
    assert shown is not None
    return shown.group(1)


def grants(admin: Browser, path: str) -> list[str]:
    return re.findall(r"/roles/([\w-]{20})/end", admin.get(path).get_data(as_text=True))


class TestBringingIn:
    def test_the_temporary_password_is_shown_once_and_opens_one_page(
        self, app: Flask, admin: Browser
    ) -> None:
        path, password = bring_in(admin, "budi@bandung.example", "staff")
        assert password not in admin.get(path).get_data(as_text=True)
        budi = Browser(app)
        assert budi.sign_in("budi@bandung.example", password).status_code == 303
        for asked in ("/account", "/account/tokens", "/"):
            assert budi.get(asked).location == "/account/password"
        form = {"current": password, "password": NEW_PASSWORD, "repeated": NEW_PASSWORD}
        assert budi.post("/account/password", form).status_code == 303
        assert budi.get("/account").status_code == 200

    def test_a_temporary_password_ends_after_a_week(self, app: Flask, admin: Browser) -> None:
        _path, password = bring_in(admin, "budi@bandung.example", "staff")
        with time_machine.travel(datetime.now(UTC) + timedelta(days=7, minutes=1)):
            assert Browser(app).sign_in("budi@bandung.example", password).status_code == 403

    @pytest.mark.parametrize(
        "bad",
        [
            {"email": ADMIN.upper()},
            {"email": "no-address"},
            {"email": "a@b@c.example"},
            {"name": " "},
            {"role": "king"},
            {"scope": "unit:nowhere"},
            {"scope": "policy:nowhere"},
            {"scope": "galaxy"},
            {"unit": "nowhere"},
            {"association": "nowhere"},
        ],
    )
    def test_says_what_is_wrong(self, admin: Browser, bad: dict[str, str]) -> None:
        form = {"name": "Budi", "email": "budi@bandung.example", "role": "staff", "scope": ""}
        answer = admin.post("/admin/people/new", {**form, **bad})
        assert answer.status_code == 422
        assert "error-summary" in answer.get_data(as_text=True)
        people = admin.get("/admin/people").get_data(as_text=True)
        assert "budi@" not in people

    def test_people_are_found_by_name_address_and_role(self, app: Flask, admin: Browser) -> None:
        make_person(app, "cecep@bandung.example", "drafter", unit="DINKES", name="Cecep 100%")
        make_person(app, "dedi@bandung.example", "staff", name="Dedi")
        for query, found in (
            ("q=CEC", {"cecep@"}),
            ("q=100%25", {"cecep@"}),
            ("q=_", set()),
            ("q=bandung+dedi", {"dedi@"}),
            ("role=drafter", {"cecep@"}),
            ("role=king", {"cecep@", "dedi@"}),
        ):
            page = admin.get(f"/admin/people?{query}").get_data(as_text=True)
            assert {name for name in ("cecep@", "dedi@") if name in page} == found, query

    def test_lists_go_on_page_by_page(self, app: Flask, admin: Browser) -> None:
        for number in range(25):
            make_person(app, f"p{number:02}@bandung.example", "staff", name=f"Pegawai {number:02}")
        seen: list[str] = []
        path: str | None = "/admin/people"
        while path:
            page = admin.get(path).get_data(as_text=True)
            seen += re.findall(r"p\d\d@bandung", page)
            onward = re.search(r'href="(/admin/people\?[^"]*cursor=[^"]+)"', page)
            path = onward.group(1).replace("&amp;", "&") if onward else None
        assert seen == [f"p{number:02}@bandung" for number in range(25)]


class TestRoles:
    def test_a_role_holds_from_the_next_request_and_ends_at_once(
        self, app: Flask, admin: Browser
    ) -> None:
        path, _password = "", make_person(app, "budi@bandung.example", "staff")
        path = f"/admin/people/{_password}"
        budi = Browser(app)
        budi.sign_in("budi@bandung.example")
        assert budi.get("/admin").status_code == 403
        scope = option(admin, path, "Unit DINKES")
        before = set(grants(admin, path))
        form = {"role": "admin", "scope": f"unit:{scope}" if ":" not in scope else scope}
        assert admin.post(f"{path}/roles", form, page=path).status_code == 303
        assert budi.get("/admin").status_code == 200
        (new,) = set(grants(admin, path)) - before
        admin.post(f"{path}/roles/{new}/end", page=path)
        assert budi.get("/admin").status_code == 403

    def test_who_administers_a_unit_reads_no_title_of_another(
        self, app: Flask, admin: Browser
    ) -> None:
        make_person(app, "dewi@bandung.example", "drafter")
        make_person(app, "kepala@bandung.example", "admin", unit="DINKES")
        person = make_person(app, "budi@bandung.example", "staff", unit="DINKES")
        now = datetime.now(UTC)
        with app.app_context(), transaction():
            dewi, budi = map(account_by_email, ("dewi@bandung.example", "budi@bandung.example"))
            assert dewi is not None
            assert budi is not None
            data = PolicyData("Mutasi Rahasia", "perwal", "invited")
            policy = start_policy(actor_for(dewi, now), data, "# Satu", now)
            grant_role(budi, PROGRAM, GrantData("guest", policy_id=policy.id), now)
        head = Browser(app)
        head.sign_in("kepala@bandung.example")
        page = head.get(f"/admin/people/{person}").get_data(as_text=True)
        assert "Kebijakan yang tidak dapat Anda lihat" in page
        assert "Mutasi Rahasia" not in page
        assert "Mutasi Rahasia" in admin.get(f"/admin/people/{person}").get_data(as_text=True)

    def test_a_role_ends_on_its_day(self, app: Flask, admin: Browser) -> None:
        person = make_person(app, "budi@bandung.example", "staff")
        path = f"/admin/people/{person}"
        soon = datetime.now(UTC) + timedelta(hours=9)  # typed in the city's zone, 7 hours ahead
        form = {"role": "admin", "scope": "", "ends_at": f"{soon:%Y-%m-%dT%H:%M}"}
        assert admin.post(f"{path}/roles", form, page=path).status_code == 303
        budi = Browser(app)
        budi.sign_in("budi@bandung.example")
        assert budi.get("/admin").status_code == 200
        with time_machine.travel(datetime.now(UTC) + timedelta(hours=3)):
            assert budi.get("/admin").status_code == 403
        for never in ("2020-01-01T00:00", "9999-12-31T23:59+00:00"):
            refused = {"role": "admin", "scope": "", "ends_at": never}
            assert admin.post(f"{path}/roles", refused, page=path).status_code == 422
        assert admin.get(path).status_code == 200

    def test_only_representatives_speak_for_an_association(
        self, app: Flask, admin: Browser
    ) -> None:
        with app.app_context(), transaction():
            data = AssociationData("PGRI", "PGRI Kota")
            korps = add_association(PROGRAM, data, datetime.now(UTC)).public_id
        path = f"/admin/people/{make_person(app, 'budi@bandung.example', 'staff')}"
        form = {"scope": "", "association": korps}
        refused = admin.post(f"{path}/roles", {"role": "drafter", **form}, page=path)
        assert refused.status_code == 422
        taken = admin.post(f"{path}/roles", {"role": "representative", **form}, page=path)
        assert taken.status_code == 303
        admin.post(f"{path}/associations", {"association": korps}, page=path)
        assert f"/associations/{korps}/leave" in admin.get(path).get_data(as_text=True)
        admin.post(f"{path}/associations/{korps}/leave", page=path)
        assert f"/associations/{korps}/leave" not in admin.get(path).get_data(as_text=True)

    def test_the_last_administrator_stays(self, app: Flask, admin: Browser) -> None:
        page = admin.get("/admin/people?role=admin").get_data(as_text=True)
        found = re.search(r"/admin/people/[\w-]{20}", page)
        assert found is not None
        own = found.group()
        (grant,) = grants(admin, own)
        admin.post(f"{own}/roles/{grant}/end", page=own)
        assert grants(admin, own) == [grant]
        admin.post(f"{own}/disable", page=own)
        assert admin.get("/admin").status_code == 200
        second = f"/admin/people/{make_person(app, 'dua@bandung.example', 'admin')}"
        (theirs,) = grants(admin, second)
        admin.post(f"{own}/roles/{grant}/end", page=own)
        assert admin.get("/admin").status_code == 403
        other = Browser(app)
        other.sign_in("dua@bandung.example")
        assert other.post(f"{second}/roles/{theirs}/end", page=second).status_code == 303
        assert grants(other, second) == [theirs]

    def test_nobody_with_an_end_in_sight_is_the_last_administrator(
        self, app: Flask, admin: Browser
    ) -> None:
        page = admin.get("/admin/people?role=admin").get_data(as_text=True)
        own = re.findall(r"/admin/people/[\w-]{20}", page)[0]
        (grant,) = grants(admin, own)
        until_friday = f"/admin/people/{make_person(app, 'budi@bandung.example', 'staff')}"
        friday = datetime.now(UTC) + timedelta(days=3)
        form = {"role": "admin", "scope": "", "ends_at": f"{friday:%Y-%m-%dT%H:%M}"}
        admin.post(f"{until_friday}/roles", form, page=until_friday)
        admin.post(f"{own}/roles/{grant}/end", page=own)
        assert "tanpa batas waktu" in admin.get(own).get_data(as_text=True)
        assert grants(admin, own) == [grant]


class TestAccess:
    def test_closing_and_opening_an_account(self, app: Flask, admin: Browser) -> None:
        path = f"/admin/people/{make_person(app, 'budi@bandung.example', 'staff')}"
        budi = Browser(app)
        budi.sign_in("budi@bandung.example")
        admin.post(f"{path}/disable", page=path)
        assert budi.get("/account").status_code == 302
        assert budi.sign_in("budi@bandung.example").status_code == 403
        admin.post(f"{path}/enable", page=path)
        assert budi.sign_in("budi@bandung.example").status_code == 303

    def test_a_new_password_replaces_the_old_one(self, app: Flask, admin: Browser) -> None:
        path = f"/admin/people/{make_person(app, 'budi@bandung.example', 'staff')}"
        admin.post(f"{path}/password", page=path)
        made = shown_password(admin, path)
        assert Browser(app).sign_in("budi@bandung.example", PASSWORD).status_code == 422
        assert Browser(app).sign_in("budi@bandung.example", made).status_code == 303

    @pytest.mark.parametrize("act", ["password", "disable"])
    def test_programs_go_out_with_the_person(self, app: Flask, admin: Browser, act: str) -> None:
        path = f"/admin/people/{make_person(app, 'budi@bandung.example', 'staff')}"
        program = Program(app, make_token(app, "budi@bandung.example"))
        assert program.get("/me").status_code == 200
        admin.post(f"{path}/{act}", page=path)
        assert program.get("/me").status_code == 401
        admin.post(f"{path}/enable", page=path)
        assert program.get("/me").status_code == 401

    def test_details_and_workplace_change(self, app: Flask, admin: Browser) -> None:
        path = f"/admin/people/{make_person(app, 'budi@bandung.example', 'staff')}"
        details = {"name": "Budi <b>Baru</b>", "email": "budi.baru@bandung.example"}
        assert admin.post(f"{path}/details", details, page=path).status_code == 303
        unit = option(admin, path, "Unit DISDIK")
        form = {"unit": unit.removeprefix("unit:"), "position": "Guru"}
        assert admin.post(f"{path}/workplace", form, page=path).status_code == 303
        budi = Browser(app)
        budi.sign_in("budi.baru@bandung.example")
        page = budi.get("/account").get_data(as_text=True)
        assert "Budi &lt;b&gt;Baru&lt;/b&gt;" in page
        assert "Unit DISDIK" in page

    def test_a_narrow_administrator_cannot_reach_people_outside(
        self, app: Flask, admin: Browser
    ) -> None:
        make_person(app, "kecil@bandung.example", "admin", unit="DINKES")
        inside = make_person(app, "dalam@bandung.example", "staff", unit="DINKES")
        outside = make_person(app, "luar@bandung.example", "staff", unit="DISDIK")
        above = make_person(app, "atas@bandung.example", "staff", unit="DINKES")
        admin.post(
            f"/admin/people/{above}/roles",
            {"role": "auditor", "scope": ""},
            page=f"/admin/people/{above}",
        )
        narrow = Browser(app)
        narrow.sign_in("kecil@bandung.example")
        listed = narrow.get("/admin/people").get_data(as_text=True)
        assert "dalam@" in listed
        assert "luar@" not in listed
        assert narrow.get(f"/admin/people/{inside}").status_code == 200
        assert narrow.get(f"/admin/people/{outside}").status_code == 404
        for person, status in ((inside, 303), (outside, 404), (above, 403)):
            path = f"/admin/people/{person}/password"
            assert narrow.post(path, page="/admin/people/new").status_code == status
        form = {"role": "admin", "scope": ""}
        path = f"/admin/people/{inside}"
        assert narrow.post(f"{path}/roles", form, page=path).status_code == 403


def test_everything_is_on_record(app: Flask, admin: Browser) -> None:
    path, _password = bring_in(admin, "budi@bandung.example", "staff")
    admin.post(f"{path}/disable", page=path)
    with app.app_context():
        assert verify_record().broken_seq is None
        newest = select(AuditEntry.verb).order_by(AuditEntry.seq.desc()).limit(4)
        verbs = db.session.scalars(newest).all()
    assert verbs == ["account.disabled", "role.granted", "account.created", "session.started"]
