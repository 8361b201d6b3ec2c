"""What is handed out at the door is what the application would have said, and to nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse, create_environ, run_wsgi_app
from whitenoise import WhiteNoise

from policyforum.accounts.models import Account, LoginSession
from policyforum.api import limits
from policyforum.db.session import db, transaction
from policyforum.organisation.actor import PROGRAM
from policyforum.organisation.models import RoleGrant
from policyforum.organisation.people import end_role
from policyforum.web.door import Door
from policyforum.web.problems import Problem
from tests.api.program import Program
from tests.commenting.town import now
from tests.consolidation.hall import Hall
from tests.people import Browser, hidden_fields, make_token
from tests.reading.pages import REVISED
from tests.reading.test_kept import OFTEN_DIFFERENT

SHUT = "599 SHUT"
WHO = ("visitor", "neneng", "ratna", "program")


@contextmanager
def nobody_behind(app: Flask) -> Iterator[None]:
    """Whatever goes on from the door to the application is answered with 599."""
    outer: Any = app.wsgi_app
    assert isinstance(outer, WhiteNoise)
    door = outer.application
    assert isinstance(door, Door)
    behind, door._behind = door._behind, _shut
    try:
        yield
    finally:
        door._behind = behind


def _shut(_environ: Any, start_response: Any) -> list[bytes]:
    start_response(SHUT, [])
    return [b""]


def goes_in(reader: Browser | Program, path: str, **more: Any) -> bool:
    """Whether this is left to the application."""
    client = reader.client if isinstance(reader, Browser) else reader._client
    with nobody_behind(client.application):
        return reader.get(path, **more).status == SHUT


@pytest.fixture
def page(hall: Hall) -> str:
    return f"/policies/{hall.slug}/revisions/1"


def paths(hall: Hall, who: str) -> list[str]:
    policy = f"/policies/{hall.slug}"
    if who == "program":
        return [f"{policy}/revisions/1/threads"]
    pages = ["revisions/1", "revisions/1/threads", "history", "feedback", "changes/1..2"]
    sheets = ["worksheet", "decision"] if who == "ratna" else []
    return ["/", *(f"{policy}/{page}" for page in (*pages, *sheets))]


def reader_called(hall: Hall, who: str) -> Browser | Program:
    if who == "program":
        return Program(hall.app, make_token(hall.app, "neneng@kota.example"))
    people = {"neneng": hall.neneng, "ratna": hall.drafter}
    return people.get(who) or Browser(hall.app)


@pytest.mark.parametrize("who", WHO)
def test_it_says_what_the_application_says(hall: Hall, who: str) -> None:
    hall.publish(REVISED)
    hall.contribute(hall.neneng, "Pasal 1", "Bagus.")
    reader = reader_called(hall, who)
    reader.get("/help")  # what is said once after an act is said here
    with time_machine.travel(datetime.now(UTC), tick=False):
        for path in paths(hall, who):
            for packing in ("", "gzip", "br, gzip"):
                offered = {"Accept-Encoding": packing}
                with without_door(hall.app):
                    said = reader.get(path, headers=offered)
                with nobody_behind(hall.app):
                    handed = reader.get(path, headers=offered)
                assert described(handed) == described(said), path
                held = {**offered, "If-None-Match": said.headers["ETag"]}
                with nobody_behind(hall.app):
                    unchanged = reader.get(path, headers=held)
                with without_door(hall.app):
                    told = reader.get(path, headers=held)
                assert told.status_code == 304
                assert described(unchanged) == described(told), path


@contextmanager
def without_door(app: Flask) -> Iterator[None]:
    """The application alone answers."""
    outer: Any = app.wsgi_app
    app.wsgi_app = outer.application._behind  # type: ignore[method-assign]
    try:
        yield
    finally:
        app.wsgi_app = outer  # type: ignore[method-assign]


def described(answer: TestResponse) -> tuple[str, list[tuple[str, str]], str]:
    """All that is the same whenever it is said; lengths differ with what does not."""
    headers = sorted(pair for pair in answer.headers if pair[0] not in ("Content-Length",))
    if "Content-Encoding" in answer.headers:
        assert answer.data
        return answer.status, headers, ""
    body = OFTEN_DIFFERENT.sub("", answer.get_data(as_text=True))
    assert answer.headers.get("Content-Length", "0") == str(len(answer.data))
    return answer.status, headers, body


def test_what_was_never_asked_goes_in(hall: Hall, page: str) -> None:
    assert goes_in(hall.neneng, page)
    hall.neneng.get(page)
    assert not goes_in(hall.neneng, page)
    assert goes_in(hall.neneng, f"{page}?thread=x")
    assert goes_in(hall.asep, "/policies/nothing/revisions/1")


def test_only_reading_is_answered(hall: Hall, page: str) -> None:
    hall.neneng.get(page)
    with nobody_behind(hall.app):
        for method in ("POST", "HEAD", "PUT", "DELETE", "OPTIONS"):
            assert hall.neneng.client.open(page, method=method).status == SHUT


def test_what_is_to_be_said_once_is_said_inside(hall: Hall, page: str) -> None:
    hall.neneng.get(page)
    with hall.neneng.client.session_transaction() as session:
        session["_flashes"] = [("success", "Tersimpan.")]
    assert goes_in(hall.neneng, page)
    assert "Tersimpan." in hall.neneng.get(page).text
    assert not goes_in(hall.neneng, page)


def test_a_session_that_ended_goes_in(hall: Hall, page: str) -> None:
    hall.neneng.get(page)
    with hall.app.app_context(), transaction():
        db.session.execute(update(LoginSession).values(revoked_at=now()))
    assert goes_in(hall.neneng, page)
    assert "Neneng" not in hall.neneng.get(page).text


def test_a_session_used_after_a_while_is_noted(hall: Hall, page: str) -> None:
    hall.neneng.get(page)
    with time_machine.travel(now() + timedelta(minutes=11), tick=False):
        assert goes_in(hall.neneng, page)
        hall.neneng.get(page)
        assert not goes_in(hall.neneng, page)


def test_a_password_to_change_comes_first(hall: Hall, page: str) -> None:
    hall.neneng.get(page)
    with hall.app.app_context(), transaction():
        db.session.execute(update(Account).values(temporary_until=now() + timedelta(days=1)))
    assert goes_in(hall.neneng, page)
    assert hall.neneng.get(page).headers["Location"] == "/account/password"


def test_a_role_that_ended_no_longer_opens(hall: Hall) -> None:
    hall.person("admin", "admin")
    hall.drafter.get(hall.sheet)
    assert not goes_in(hall.drafter, hall.sheet)
    with hall.app.app_context(), transaction():
        for grant in db.session.scalars(select(RoleGrant).where(RoleGrant.role == "drafter")):
            end_role(grant, PROGRAM, now())
    assert goes_in(hall.drafter, hall.sheet)


def test_another_reads_it_in_their_language(hall: Hall, page: str) -> None:
    visitor = Browser(hall.app)
    visitor.get(page)
    visitor.get(f"/language?locale=en&next={page}")
    assert goes_in(visitor, page)
    assert '<html lang="en"' in visitor.get(page).text
    with nobody_behind(hall.app):
        assert '<html lang="en"' in visitor.get(page).text
        assert '<html lang="id"' in Browser(hall.app).get(page).text


def test_a_forged_cookie_is_nobodys(hall: Hall, page: str) -> None:
    hall.neneng.get(page)
    cookie = hall.neneng.client.get_cookie("session")
    assert cookie is not None
    forged = Browser(hall.app)
    forged.client.set_cookie("session", cookie.value[:-3] + "abc")
    assert "Neneng" not in forged.get(page).text
    assert "Neneng" not in forged.get(page).text


def test_a_cookie_does_not_open_the_api_nor_a_token_a_page(hall: Hall, page: str) -> None:
    token = make_token(hall.app, "neneng@kota.example")
    program, path = Program(hall.app, token), f"{page}/threads"
    program.get(path)
    assert not goes_in(program, path)
    assert goes_in(hall.neneng, f"/api/v1{path}")
    assert goes_in(Program(hall.app, "not-a-token"), path)
    hall.neneng.get(page)
    Browser(hall.app).get(page)
    with nobody_behind(hall.app):
        answer = Browser(hall.app).get(page, headers={"Authorization": f"Bearer {token}"})
    assert "Neneng" not in answer.text


def test_kept_answers_count_as_calls(hall: Hall, page: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "MOST_READS", 3)
    program = Program(hall.app, make_token(hall.app, "neneng@kota.example"))
    with time_machine.travel(datetime(2026, 11, 23, 8, 0, 1, tzinfo=UTC), tick=False):
        codes = [program.get(f"{page}/threads").status_code for _call in range(4)]
    assert codes == [200, 200, 200, 429]


@pytest.mark.parametrize(
    "failure", [Problem(""), OperationalError("", None, Exception()), ValueError("a surprise")]
)
def test_what_fails_is_the_applications_to_tell(
    hall: Hall, page: str, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    hall.neneng.get(page)

    def fail(*_asked: object) -> None:
        raise failure

    monkeypatch.setattr("policyforum.organisation.entrance.settled_holder", fail)
    assert goes_in(hall.neneng, page)


def test_a_closed_account_and_a_revoked_token_go_in(hall: Hall, page: str) -> None:
    program = Program(hall.app, make_token(hall.app, "neneng@kota.example"))
    program.get(f"{page}/threads")
    hall.neneng.get(page)
    with hall.app.app_context(), transaction():
        db.session.execute(update(Account).values(disabled_at=now()))
    assert goes_in(program, f"{page}/threads")
    assert goes_in(hall.neneng, page)


def test_a_form_with_a_token_from_the_door_is_taken(hall: Hall, page: str) -> None:
    hall.neneng.get(page)
    with nobody_behind(hall.app):
        fields = hidden_fields(hall.neneng.get(page).text)
    assert hall.neneng.client.post("/sign-out", data=fields).status_code in (302, 303)


def test_an_odd_address_is_answered_by_whom_it_reaches(hall: Hall, page: str) -> None:
    """Routes take `//api/…` for `/api/…`: no cookie may open it there either."""
    token = make_token(hall.app, "neneng@kota.example")
    path = f"//api/v1{page}/threads"
    bearer = {"Authorization": f"Bearer {token}"}
    cookie = hall.neneng.client.get_cookie("session")
    assert cookie is not None
    assert asked_as_it_is(hall.app, path, bearer) == 200
    assert asked_as_it_is(hall.app, path, {"Cookie": f"session={cookie.value}"}) == 401
    assert asked_as_it_is(hall.app, path, bearer) == 200


def asked_as_it_is(app: Flask, path: str, headers: dict[str, str]) -> int:
    """Ask for a path that the test client would tidy; → the status."""
    environ = {**create_environ("/", headers=headers), "PATH_INFO": path}
    _body, status, _headers = run_wsgi_app(app.wsgi_app, environ)
    return int(status.split()[0])


def test_an_address_of_any_length_is_answered_and_not_kept(hall: Hall) -> None:
    sheet = f"/policies/{hall.slug}/worksheet?q={'a' * 600}"
    assert hall.drafter.get(sheet).status_code == 200
    assert goes_in(hall.drafter, sheet)


def test_a_cookie_nobody_can_read_is_no_cookie(hall: Hall, page: str) -> None:
    visitor = {"Cookie": "session=\xff\xfe; a=\xff"}
    assert asked_as_it_is(hall.app, page, visitor) == 200
    assert asked_as_it_is(hall.app, page, visitor) == 200
