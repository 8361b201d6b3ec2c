"""What every answer carries, over TLS and without, and what it must not carry."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from policyforum.app import create_app
from policyforum.db.session import db
from policyforum.web.access import everyone
from tests.conftest import make_config
from tests.people import Browser, make_person

pytestmark = pytest.mark.one_engine

ANI = "ani@bandung.example"
PATHS = ("/", "/sign-in", "/policies", "/not-there", "/api/v1/me", "/healthz", "/static/nothing.js")


@pytest.fixture
def over_tls(database_url: str, tmp_path: Path) -> Flask:
    return create_app(make_config(database_url, tmp_path, "https://forum.example"))


def test_every_answer_tells_browsers_what_they_may_do_with_it(app: Flask) -> None:
    for path in PATHS[:-1]:
        headers = app.test_client().get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, path
        for rule in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
            assert rule in policy, path
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "Cookie" in headers["Vary"]
        kind = headers["Content-Type"]
        assert "charset=utf-8" in kind or "json" in kind, path


def test_scripts_and_styles_come_from_this_site_alone(app: Flask) -> None:
    for path in PATHS[:-1]:
        policy = app.test_client().get(path).headers["Content-Security-Policy"]
        rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
        for kind in ("script-src", "style-src"):
            others = [one for one in rules[kind].split() if not one.startswith("'nonce-")]
            assert others == ["'self'"], path


def test_no_other_site_is_answered(app: Flask) -> None:
    for path in PATHS:
        headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
        for method in ("GET", "OPTIONS"):
            answer = app.test_client().open(path, method=method, headers=headers)
            assert not [name for name, _v in answer.headers if name.startswith("Access-Control-")]


def test_over_tls_cookies_are_kept_to_this_host_and_tls_is_remembered(over_tls: Flask) -> None:
    answer = over_tls.test_client().get("/sign-in", base_url="https://forum.example")
    assert "max-age=31536000; includeSubDomains" in answer.headers["Strict-Transport-Security"]
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-session=")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert part in cookie.split("; ")
    assert "Domain" not in cookie
    with over_tls.app_context():
        db.session.remove()
        db.engine.dispose()


def test_what_is_somebodys_own_is_not_kept_by_others(app: Flask) -> None:
    make_person(app, ANI, "staff")
    browser = Browser(app)
    browser.sign_in(ANI)
    for path in ("/", "/account", "/inbox", "/contributions"):
        assert "private" in browser.get(path).headers["Cache-Control"]


@pytest.mark.one_engine
@pytest.mark.parametrize("path", ["/policies", "/"], ids=["made anew", "kept"])
@pytest.mark.parametrize(
    "taken, packed",
    [
        ("br;q=0", None),
        ("br;q=0, gzip", "gzip"),
        ("zstd;q=0, br;q=0, *", "gzip"),
        ("*;q=0", None),
        ("identity", None),
        ("br", "br"),
    ],
)
def test_nothing_comes_packed_in_a_way_that_was_forbidden(
    app: Flask, path: str, taken: str, packed: str | None
) -> None:
    answer = app.test_client().get(path, headers={"Accept-Encoding": taken})
    assert answer.status_code == 200
    assert answer.headers.get("Content-Encoding") == packed


def test_a_fault_tells_nobody_how_it_came_about(app: Flask) -> None:
    @everyone
    def fail() -> str:
        raise RuntimeError("kata-sandi-rahasia")

    app.testing = False
    app.view_functions["reading.help"] = fail
    answer = app.test_client().get("/help")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert "rahasia" not in page
    assert "Traceback" not in page


def test_nobody_is_led_to_the_host_a_caller_names(app: Flask) -> None:
    client = app.test_client()
    for path in ("/policies//x", "/policies/", "/policies//x/history"):
        answer = client.get(path, headers={"Host": "evil.example"})
        assert "evil.example" not in answer.headers.get("Location", ""), path
