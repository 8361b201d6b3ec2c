"""F20: sessions that should be over, or never were, tried again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import time_machine
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from policyforum.accounts import services
from policyforum.accounts.queries import account_by_email
from policyforum.db.session import transaction
from policyforum.organisation.actor import PROGRAM
from policyforum.organisation.people import reset_password
from tests.people import PASSWORD, Browser, make_person, make_token
from trials.attack.worlds import forum
from trials.trial import Outcome, Trial

OWNER = "ani@bandung.example"
NEW = "kawah-putih-dini-hari"


class Device(Browser):
    """A browser whose cookie can be taken away and put into another one."""

    @property
    def cookie(self) -> str:
        found = self.client.get_cookie("session")
        return found.value if found else ""

    def carries(self, cookie: str) -> Device:
        self.client.set_cookie("session", cookie)
        return self

    @property
    def is_in(self) -> bool:
        return self.get("/account").status_code == 200


def tried(app: Flask) -> Iterator[tuple[str, bool]]:
    """Every try, and whether it was let in."""
    make_person(app, OWNER, "staff")
    for name, ending in _endings(app).items():
        device = _signed_in(app)
        stolen = device.cookie
        assert device.is_in, name
        ending(device)
        yield f"a cookie after {name}", Device(app).carries(stolen).is_in
    yield from _fixations(app)
    yield from _forgeries(app)
    yield from _replays(app)
    yield from _mistaken(app)


def _endings(app: Flask) -> dict[str, Callable[[Device], object]]:
    """What must end a session that is open on this device."""

    def elsewhere(path: str, form: dict[str, str], page: str = "") -> None:
        _signed_in(app).post(path, form, page=page or path)

    def change_password(_device: Device) -> None:
        form = {"current": PASSWORD, "password": NEW, "repeated": NEW}
        elsewhere("/account/password", form)
        back = {"current": NEW, "password": PASSWORD, "repeated": PASSWORD}
        other = Device(app)
        other.sign_in(OWNER, NEW)
        other.post("/account/password", back)

    def reset(_device: Device) -> None:
        _change(app, lambda account, now: reset_password(account, PROGRAM, now))
        _change(app, lambda account, now: services.change_password(account, PASSWORD, now))

    def close(_device: Device) -> None:
        _change(app, lambda account, now: services.disable_account(account, "", now))
        _change(app, lambda account, now: services.enable_account(account, "", now))

    return {
        "sign-out": lambda device: device.post("/sign-out", page="/account"),
        "signing out everywhere else": lambda _d: elsewhere(
            "/account/sessions/end-others", {}, "/account/sessions"
        ),
        "a new password": change_password,
        "a password set by an administrator": reset,
        "closing the account and opening it again": close,
    }


def _fixations(app: Flask) -> Iterator[tuple[str, bool]]:
    victim = Device(app)
    victim.get("/sign-in")
    planted = victim.cookie
    victim.sign_in(OWNER)
    yield "a cookie planted before sign-in", Device(app).carries(planted).is_in
    first = _signed_in(app)
    stolen = first.cookie
    first.post("/sign-out", page="/account")
    first.carries(stolen)
    first.sign_in(OWNER)
    yield "an old cookie carried into the next sign-in", Device(app).carries(stolen).is_in


def _forgeries(app: Flask) -> Iterator[tuple[str, bool]]:
    device = _signed_in(app)
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    contents = signer.loads(device.cookie)
    other = Flask("elsewhere")
    other.secret_key = "another-secret-of-the-same-length"
    foreign = SecureCookieSessionInterface().get_signing_serializer(other)
    assert foreign is not None
    yield "a cookie of another secret", Device(app).carries(str(foreign.dumps(contents))).is_in
    invented = signer.dumps({**contents, "_user_id": "A" * 43})
    yield "a session nobody began", Device(app).carries(str(invented)).is_in
    body, _dot, signature = device.cookie.rpartition(".")
    yield "a changed signature", Device(app).carries(f"{body}.{signature[::-1]}").is_in
    yield "no signature", Device(app).carries(body).is_in


def _replays(app: Flask) -> Iterator[tuple[str, bool]]:
    start = datetime.now(UTC)
    cookies = [_signed_in(app).cookie for _day in range(2)]
    with time_machine.travel(start + timedelta(hours=12, minutes=11), tick=False):
        yield "a cookie not used for half a day", Device(app).carries(cookies[0]).is_in
    with time_machine.travel(start, tick=False) as clock:
        device = Device(app).carries(cookies[1])
        for _half_day in range(73):
            clock.shift(timedelta(hours=10))
            alive = device.is_in
        yield "a cookie used for thirty days", alive


def _mistaken(app: Flask) -> Iterator[tuple[str, bool]]:
    """One kind of key in the place of another."""
    device = _signed_in(app)
    token = make_token(app, OWNER)
    yield "an API token as a cookie", Device(app).carries(token).is_in
    bearer = {"Authorization": f"Bearer {device.cookie}"}
    answer = app.test_client().get("/api/v1/me", headers=bearer)
    yield "a cookie as an API token", answer.status_code == 200
    known = device.client.get_cookie("device")
    assert known is not None
    stranger = Device(app)
    stranger.client.set_cookie("device", known.value)
    yield "the cookie of a known device", stranger.carries(known.value).is_in


def _signed_in(app: Flask) -> Device:
    device = Device(app)
    assert device.sign_in(OWNER).status_code == 303
    return device


def _change(app: Flask, change: Callable[..., object]) -> None:
    with app.app_context(), transaction():
        account = account_by_email(OWNER)
        assert account is not None
        change(account, datetime.now(UTC))


def run(full: bool) -> Outcome:
    with forum() as place:
        found = list(tried(place.app))
    let_in = [name for name, is_in in found if is_in]
    figure = f"{len(found)} tries, {len(let_in)} let in"
    return Outcome("; ".join([figure, *let_in[:3]]), not let_in)


def broken(full: bool) -> Outcome:
    """A new password leaves the other devices signed in."""
    with patch.object(services, "_end_sessions", lambda *_asked: 0):
        return run(full)


TRIAL = Trial(
    name="F20",
    what="cookies after every kind of ending, planted, forged, replayed, one key for another",
    goal="0 let in",
    run=run,
    breaks="a new password ends no session",
    broken=broken,
)
