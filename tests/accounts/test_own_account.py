"""One's own devices, password, tokens and language."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.api.program import Program
from tests.people import PASSWORD, Browser, make_person, make_token

ANI, BUDI = "ani@bandung.example", "budi@bandung.example"
NEW = "tangkuban perahu tertutup kabut"


@pytest.fixture
def browser(app: Flask) -> Browser:
    make_person(app, ANI, "staff", name="Ani Rahayu")
    make_person(app, BUDI, "staff")
    browser = Browser(app)
    browser.sign_in(ANI)
    return browser


def session_ids(browser: Browser) -> list[str]:
    page = browser.get("/account/sessions").get_data(as_text=True)
    return re.findall(r"/account/sessions/([\w-]{20})/end", page)


def test_pages_open_and_say_who_it_is(browser: Browser) -> None:
    assert "Ani Rahayu" in browser.get("/account").get_data(as_text=True)
    for path in ("/account/password", "/account/sessions", "/account/tokens"):
        assert browser.get(path).status_code == 200


class TestDevices:
    def test_every_device_is_listed_and_can_be_signed_out(
        self, app: Flask, browser: Browser
    ) -> None:
        phone = Browser(app)
        phone.sign_in(ANI)
        ids = session_ids(browser)
        assert len(ids) == 2
        mine = session_ids(phone)
        assert set(mine) == set(ids)
        there = next(i for i in ids if i != ids[0])
        here_page = browser.get("/account/sessions").get_data(as_text=True)
        assert here_page.count("127.0.0.*") == 2
        browser.post(f"/account/sessions/{ids[0]}/end", page="/account/sessions")
        assert browser.get("/account").status_code == 200
        assert phone.get("/account").status_code == 302
        assert there in session_ids(browser)

    def test_all_others_can_be_signed_out_at_once(self, app: Flask, browser: Browser) -> None:
        others = [Browser(app) for _n in range(2)]
        for other in others:
            other.sign_in(ANI)
        browser.post("/account/sessions/end-others", page="/account/sessions")
        assert [other.get("/account").status_code for other in others] == [302, 302]
        assert browser.get("/account").status_code == 200

    def test_nobody_ends_the_session_of_another(self, app: Flask, browser: Browser) -> None:
        budi = Browser(app)
        budi.sign_in(BUDI)
        (theirs,) = session_ids(budi)
        answer = browser.post(f"/account/sessions/{theirs}/end", page="/account/sessions")
        assert answer.status_code == 404
        assert budi.get("/account").status_code == 200


class TestPassword:
    def change(self, browser: Browser, new: str, current: str = PASSWORD) -> int:
        form = {"current": current, "password": new, "repeated": new}
        return browser.post("/account/password", form).status_code

    def test_changing_it_signs_the_other_devices_out(self, app: Flask, browser: Browser) -> None:
        phone = Browser(app)
        phone.sign_in(ANI)
        assert self.change(browser, NEW) == 303
        assert browser.get("/account").status_code == 200
        assert phone.get("/account").status_code == 302
        assert phone.sign_in(ANI, PASSWORD).status_code == 422
        assert phone.sign_in(ANI, NEW).status_code == 303

    def test_it_tells_of_the_programs_that_go_on(self, app: Flask, browser: Browser) -> None:
        told = "1 token API Anda tetap berlaku"
        assert told not in browser.get("/account/password").get_data(as_text=True)
        program = Program(app, make_token(app, ANI))
        assert told in browser.get("/account/password").get_data(as_text=True)
        assert self.change(browser, NEW) == 303
        assert program.get("/me").status_code == 200

    @pytest.mark.one_engine
    @pytest.mark.parametrize(
        "bad",
        [
            "short",
            "elevenchars",
            "x" * 5 + "y" * 130,
            "123456789012",
            "qwertyuiop123",
            "Password2026!",
            "bismillah-2026",
            "sayangsayang99",
            "aaaabbbbcccc",
            "indonesia1945",
            ANI,
            "Ani Rahayu",
        ],
    )
    def test_weak_ones_are_refused(self, browser: Browser, bad: str) -> None:
        assert self.change(browser, bad) == 422
        assert Browser(browser.client.application).sign_in(ANI).status_code == 303

    @pytest.mark.one_engine
    @pytest.mark.parametrize(
        "good",
        [
            "kuda betul baterai staples",
            "ñandú-日本語-кириллица",
            ("Burung pipit di sawah; " * 6)[:128],
        ],
    )
    def test_long_ones_of_any_writing_are_taken(self, browser: Browser, good: str) -> None:
        assert self.change(browser, good) == 303
        assert Browser(browser.client.application).sign_in(ANI, good).status_code == 303

    def test_needs_the_current_one(self, browser: Browser) -> None:
        assert self.change(browser, NEW, current="not this one") == 422
        assert Browser(browser.client.application).sign_in(ANI).status_code == 303

    def test_the_current_one_cannot_be_guessed_at_an_open_screen(
        self, app: Flask, browser: Browser
    ) -> None:
        for _try in range(10):
            assert self.change(browser, NEW, current="guess") == 422
        assert self.change(browser, NEW) == 429


class TestTokens:
    def test_is_shown_once_and_ends_when_revoked(self, browser: Browser) -> None:
        page = browser.post("/account/tokens", {"label": "laporan"}).get_data(as_text=True)
        secret = re.search(r"pf_[\w-]{43}", page)
        assert secret is not None
        listing = browser.get("/account/tokens").get_data(as_text=True)
        assert "laporan" in listing
        assert secret.group() not in listing
        headers = {"Authorization": f"Bearer {secret.group()}"}
        assert browser.client.application.test_client().get(
            "/api/v1/me", headers=headers
        ).status_code in (200, 404)
        revoke = re.search(r"/account/tokens/[\w-]{20}/revoke", listing)
        assert revoke is not None
        browser.post(revoke.group(), page="/account/tokens")
        assert "laporan" not in browser.get("/account/tokens").get_data(as_text=True)
        gone = browser.client.application.test_client().get("/api/v1/me", headers=headers)
        assert gone.status_code == 401
        assert "Bearer" in gone.headers["WWW-Authenticate"]

    def test_nobody_revokes_the_token_of_another(self, app: Flask, browser: Browser) -> None:
        page = browser.post("/account/tokens", {"label": "laporan"}).get_data(as_text=True)
        revoke = re.search(r"/account/tokens/[\w-]{20}/revoke", page)
        assert revoke is not None
        budi = Browser(app)
        budi.sign_in(BUDI)
        assert budi.post(revoke.group(), page="/account").status_code == 404
        assert "laporan" in browser.get("/account/tokens").get_data(as_text=True)


class TestLanguage:
    def test_is_remembered_with_the_account(self, app: Flask, browser: Browser) -> None:
        assert '<html lang="id"' in browser.get("/account").get_data(as_text=True)
        answer = browser.post("/language", {"locale": "en", "next": "/account"}, page="/account")
        assert answer.location == "/account"
        assert '<html lang="en"' in browser.get("/account").get_data(as_text=True)
        phone = Browser(app)
        phone.sign_in(ANI)
        assert '<html lang="en"' in phone.get("/account").get_data(as_text=True)

    def test_a_visitor_chooses_too_and_keeps_it(self, app: Flask, browser: Browser) -> None:
        visitor = Browser(app)
        answer = visitor.get("/language?locale=en&next=/sign-in")
        assert answer.location == "/sign-in"
        assert '<html lang="en"' in visitor.get("/sign-in").get_data(as_text=True)
        visitor.sign_in(ANI)
        assert '<html lang="en"' in visitor.get("/account").get_data(as_text=True)

    def test_an_unknown_language_is_refused(self, browser: Browser) -> None:
        assert browser.post("/language", {"locale": "xx"}, page="/account").status_code == 422
