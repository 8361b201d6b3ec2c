"""Coming in, going out, and who is kept outside."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy.exc import OperationalError

from policyforum.accounts import attempts
from policyforum.accounts.attempts import FOR_ACCOUNT
from policyforum.accounts.queries import account_by_email
from policyforum.accounts.services import disable_account
from policyforum.db.session import transaction
from tests.commenting.town import Counted
from tests.people import PASSWORD, Browser, make_person

ANI = "ani@bandung.example"


@pytest.fixture
def ani(app: Flask) -> str:
    return make_person(app, ANI, "staff", name="Ani Rahayu")


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)


def is_in(browser: Browser) -> bool:
    return browser.get("/account").status_code == 200


@pytest.mark.usefixtures("ani")
class TestSigningIn:
    def test_leads_to_the_page_that_was_asked_for(self, browser: Browser) -> None:
        asked = browser.get("/account/sessions?a=b")
        assert asked.location == "/sign-in?next=/account/sessions?a%3Db"
        page = browser.get(asked.location).get_data(as_text=True)
        assert 'value="/account/sessions?a=b"' in page
        answer = browser.post(
            "/sign-in", {"email": ANI, "password": PASSWORD, "next": "/account/sessions?a=b"}
        )
        assert (answer.status_code, answer.location) == (303, "/account/sessions?a=b")
        assert is_in(browser)

    @pytest.mark.parametrize(
        "elsewhere",
        [
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "javascript:x",
            "/\t/x",
        ],
    )
    def test_never_leads_to_another_site(self, browser: Browser, elsewhere: str) -> None:
        answer = browser.post("/sign-in", {"email": ANI, "password": PASSWORD, "next": elsewhere})
        assert answer.location == "/"

    def test_takes_the_address_however_it_is_written(self, browser: Browser) -> None:
        assert browser.sign_in("  Ani@BANDUNG.example ").status_code == 303

    @pytest.mark.parametrize(
        "email, password",
        [(ANI, "not-the-password"), ("nobody@bandung.example", PASSWORD), (ANI, "a\x00b")],
    )
    def test_a_wrong_try_does_not_tell_what_is_wrong(
        self, browser: Browser, email: str, password: str
    ) -> None:
        answer = browser.sign_in(email, password)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert email in page
        assert password not in page
        assert not is_in(browser)

    def test_gives_the_browser_a_new_session(self, browser: Browser) -> None:
        browser.get("/sign-in")
        before = browser.client.get_cookie("session")
        browser.sign_in(ANI)
        after = browser.client.get_cookie("session")
        assert before is not None
        assert after is not None
        assert before.value != after.value
        assert after.http_only
        assert after.same_site == "Lax"

    def test_a_closed_account_stays_outside_from_the_next_request_on(
        self, app: Flask, browser: Browser
    ) -> None:
        browser.sign_in(ANI)
        assert is_in(browser)
        with app.app_context(), transaction():
            account = account_by_email(ANI)
            assert account is not None
            disable_account(account, "", datetime.now(UTC))
        assert not is_in(browser)
        assert browser.sign_in(ANI).status_code == 403


@pytest.mark.usefixtures("ani")
class TestGoingOut:
    def test_an_old_cookie_no_longer_opens_anything(self, app: Flask, browser: Browser) -> None:
        browser.sign_in(ANI)
        stolen = browser.client.get_cookie("session")
        assert stolen is not None
        browser.post("/sign-out", page="/account")
        assert not is_in(browser)
        thief = Browser(app)
        thief.client.set_cookie("session", stolen.value)
        assert not is_in(thief)

    def test_is_not_done_by_a_link(self, browser: Browser) -> None:
        browser.sign_in(ANI)
        assert browser.get("/sign-out").status_code == 405
        assert is_in(browser)

    def test_a_session_ends_when_it_is_not_used(self, browser: Browser) -> None:
        start = datetime.now(UTC)
        with time_machine.travel(start, tick=False) as clock:
            browser.sign_in(ANI)
            for _morning in range(3):
                clock.shift(timedelta(hours=11))
                assert is_in(browser)
            clock.shift(timedelta(hours=12, minutes=11))
            assert not is_in(browser)

    def test_who_only_reads_does_not_wait_for_those_who_write(
        self, app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        waited = []

        def never_free(waits: bool) -> AbstractContextManager[None]:
            waited.append(waits)
            raise OperationalError("BEGIN", None, TimeoutError())

        with time_machine.travel(datetime.now(UTC), tick=False) as clock:
            browser.sign_in(ANI)
            clock.shift(timedelta(minutes=11))
            monkeypatch.setitem(app.extensions, "policyforum.turn", never_free)
            assert is_in(browser)
            clock.shift(timedelta(hours=13))
            assert not is_in(browser)
            assert waited == [False, False]

    @pytest.mark.one_engine
    def test_a_session_ends_after_a_month_however_it_is_used(self, browser: Browser) -> None:
        with time_machine.travel(datetime.now(UTC), tick=False) as clock:
            browser.sign_in(ANI)
            for _half_day in range(71):
                clock.shift(timedelta(hours=10))
                assert is_in(browser)
            clock.shift(timedelta(hours=11))
            assert not is_in(browser)


@pytest.mark.usefixtures("ani")
class TestGuessing:
    def test_ten_wrong_passwords_shut_the_account_for_a_while(
        self, app: Flask, browser: Browser
    ) -> None:
        with time_machine.travel(datetime.now(UTC), tick=False) as clock:
            for _try in range(FOR_ACCOUNT):
                assert browser.sign_in(ANI, "guess").status_code == 422
            refused = browser.sign_in(ANI)
            assert refused.status_code == 429
            assert 0 < int(refused.headers["Retry-After"]) <= 15 * 60
            assert Browser(app).sign_in(ANI.upper()).status_code == 429
            clock.shift(timedelta(minutes=15, seconds=1))
            assert browser.sign_in(ANI).status_code == 303

    def test_the_owner_still_comes_in_from_a_known_device(
        self, app: Flask, browser: Browser
    ) -> None:
        browser.sign_in(ANI)
        browser.post("/sign-out", page="/account")
        stranger = Browser(app)
        for _try in range(FOR_ACCOUNT + 1):
            stranger.sign_in(ANI, "guess")
        assert stranger.sign_in(ANI).status_code == 429
        assert browser.sign_in(ANI).status_code == 303

    def test_once_shut_known_and_unknown_addresses_are_the_same_work(self, app: Flask) -> None:
        stranger = Browser(app)
        asked = []
        for email in (ANI, "nobody@bandung.example"):
            for _try in range(FOR_ACCOUNT + 1):
                stranger.sign_in(email, "guess")
            with app.app_context(), Counted() as counted:
                assert stranger.sign_in(email, "guess").status_code == 429
            asked.append(counted.number)
        assert asked[0] == asked[1]

    def test_a_known_device_is_counted_too(self, browser: Browser) -> None:
        browser.sign_in(ANI)
        browser.post("/sign-out", page="/account")
        for _try in range(FOR_ACCOUNT):
            assert browser.sign_in(ANI, "guess").status_code == 422
        assert browser.sign_in(ANI).status_code == 429

    def test_a_device_is_known_for_its_own_person_only(self, app: Flask, browser: Browser) -> None:
        make_person(app, "budi@bandung.example", "staff")
        browser.sign_in("budi@bandung.example")
        browser.post("/sign-out", page="/account")
        for _try in range(FOR_ACCOUNT):
            Browser(app).sign_in(ANI, "guess")
        assert browser.sign_in(ANI).status_code == 429

    def test_right_passwords_do_not_count(self, app: Flask) -> None:
        for _morning in range(FOR_ACCOUNT + 2):
            assert Browser(app).sign_in(ANI).status_code == 303

    def test_many_accounts_cannot_be_tried_from_one_address(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(attempts, "FOR_ADDRESS", 12)
        browser = Browser(app)
        for number in range(12):
            browser.sign_in(f"nobody{number}@bandung.example", "guess")
        assert browser.sign_in(ANI).status_code == 429

    def test_a_forged_address_changes_nothing(self, app: Flask) -> None:
        browser = Browser(app)
        for number in range(FOR_ACCOUNT):
            browser.client.environ_base["HTTP_X_FORWARDED_FOR"] = f"10.0.0.{number}"
            browser.sign_in(ANI, "guess")
        assert browser.sign_in(ANI).status_code == 429
