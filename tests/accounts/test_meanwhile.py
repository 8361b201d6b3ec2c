"""What others do to an account while a request of its owner is under way."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import text

from policyforum.accounts import signing_in, views
from policyforum.accounts.queries import account_by_email, tokens_of
from policyforum.accounts.services import enable_account, set_temporary_password
from policyforum.db.session import db, transaction
from tests.admin.test_people import shown_password
from tests.engines import ENGINES
from tests.people import PASSWORD, Browser, hidden_fields, make_person

ANI, ADMIN = "ani@bandung.example", "admin@bandung.example"
NEW = "tangkuban perahu tertutup kabut"

TOKENS = "/account/tokens"

Arrange = Callable[[Callable[[], None]], None]


class Office:
    """An administrator at the page of Ani, who acts while something of hers is under way."""

    def __init__(self, app: Flask) -> None:
        self.path = f"/admin/people/{make_person(app, ANI, 'staff')}"
        make_person(app, ADMIN, "admin")
        self.admin = Browser(app)
        self.admin.sign_in(ADMIN)

    def act(self, what: str) -> None:
        assert self.admin.post(f"{self.path}/{what}", page=self.path).status_code == 303


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(app)


@pytest.fixture
def once_compared(monkeypatch: pytest.MonkeyPatch) -> Arrange:
    """`once_compared(act)`: it is done right after the next comparison."""

    def arrange(act: Callable[[], None]) -> None:
        compare = signing_in.is_right

        def compare_and_act(password: str, password_hash: str | None) -> bool:
            monkeypatch.setattr(signing_in, "is_right", compare)
            is_right = compare(password, password_hash)
            with ThreadPoolExecutor(1) as elsewhere:  # one thread answers one request at a time
                elsewhere.submit(act).result()
            return is_right

        monkeypatch.setattr(signing_in, "is_right", compare_and_act)

    return arrange


@pytest.fixture
def while_waiting(monkeypatch: pytest.MonkeyPatch) -> Arrange:
    """`while_waiting(act)`: it is done while the next form about an account waits to write."""

    def arrange(act: Callable[[], None]) -> None:
        @contextmanager
        def waiting() -> Iterator[None]:
            monkeypatch.setattr(views, "transaction", transaction)
            with ThreadPoolExecutor(1) as elsewhere:
                elsewhere.submit(act).result()
            with transaction():
                yield

        monkeypatch.setattr(views, "transaction", waiting)

    return arrange


@pytest.mark.parametrize("what, status", [("password", 422), ("disable", 403)])
def test_no_session_begins_with_what_was_valid_before(
    app: Flask, office: Office, once_compared: Arrange, what: str, status: int
) -> None:
    ani = Browser(app)
    once_compared(lambda: office.act(what))
    assert ani.sign_in(ANI).status_code == status
    assert ani.get("/account").status_code == 302


def test_the_password_an_administrator_sets_is_not_overwritten(
    app: Flask, office: Office, once_compared: Arrange
) -> None:
    ani = Browser(app)
    ani.sign_in(ANI)
    once_compared(lambda: office.act("password"))
    form = {"current": PASSWORD, "password": NEW, "repeated": NEW}
    assert ani.post("/account/password", form).status_code == 422
    assert Browser(app).sign_in(ANI, NEW).status_code == 422
    temporary = shown_password(office.admin, office.path)
    assert Browser(app).sign_in(ANI, temporary).status_code == 303


@pytest.mark.parametrize("what", ["password", "disable"])
def test_no_token_outlives_what_an_administrator_did_while_it_waited(
    app: Flask, office: Office, while_waiting: Arrange, what: str
) -> None:
    ani = signed_in(app)
    form = token_form(ani)
    while_waiting(lambda: office.act(what))
    answer = ani.client.post(TOKENS, data=form)
    assert answer.status_code == 403
    assert "pf_" not in answer.get_data(as_text=True)
    assert tokens_left(app) == 0


def test_no_token_is_made_on_a_device_that_is_signed_out(
    app: Flask, office: Office, while_waiting: Arrange
) -> None:
    lost, here = signed_in(app), signed_in(app)
    form = token_form(lost)

    def sign_out_others() -> None:
        here.post("/account/sessions/end-others", page="/account/sessions")

    while_waiting(sign_out_others)
    assert lost.client.post(TOKENS, data=form).status_code == 403
    assert tokens_left(app) == 0


def test_a_token_waits_for_a_reset_that_has_begun(app: Flask, office: Office, engine: str) -> None:
    if engine == ENGINES[0]:
        pytest.skip("writers of SQLite stand in line")
    ani = signed_in(app)
    form = token_form(ani)
    with ThreadPoolExecutor(1) as elsewhere:
        with app.app_context(), transaction():
            account = account_by_email(ANI)
            assert account is not None
            set_temporary_password(account, "", NEW, datetime.now(UTC))
            db.session.flush()
            sent = elsewhere.submit(ani.client.post, TOKENS, data=form)
            await_a_lock(app)
        assert sent.result().status_code == 403
    assert tokens_left(app) == 0


def signed_in(app: Flask) -> Browser:
    ani = Browser(app)
    assert ani.sign_in(ANI).status_code == 303
    return ani


def token_form(ani: Browser) -> dict[str, str]:
    return {**hidden_fields(ani.get(TOKENS).get_data(as_text=True)), "label": "laporan"}


def tokens_left(app: Flask) -> int:
    """How many tokens would work when the account is open again."""
    with app.app_context(), transaction():
        account = account_by_email(ANI)
        assert account is not None
        enable_account(account, "", datetime.now(UTC))
        return len(tokens_of(account))


def await_a_lock(app: Flask) -> None:
    """Until somebody at this database waits for a lock."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    until = time.monotonic() + 5
    with app.app_context(), db.engine.connect() as looking:
        while not looking.scalar(waiting):
            assert time.monotonic() < until, "nobody waits"
            looking.rollback()
