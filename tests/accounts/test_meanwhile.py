"""What others do to an account while its owner's password is being compared."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from policyforum.accounts import signing_in
from tests.admin.test_people import shown_password
from tests.people import PASSWORD, Browser, make_person

ANI, ADMIN = "ani@bandung.example", "admin@bandung.example"
NEW = "tangkuban perahu tertutup kabut"

Arrange = Callable[[Callable[[], None]], None]


class Office:
    """An administrator at the page of Ani, who acts as soon as her password has been compared."""

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
