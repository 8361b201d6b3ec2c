"""F21: ten thousand guesses, over accounts, addresses and forged addresses; and what time tells."""

from __future__ import annotations

import http.client
import itertools
import math
import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from unittest.mock import patch
from urllib.parse import urlencode, urlsplit

from flask import Flask
from granian.utils.proxies import wrap_wsgi_with_proxy_headers
from structlog.testing import capture_logs

from policyforum.accounts import attempts, passwords, signing_in
from policyforum.server import PROXIES
from policyforum.web.clock import now
from policyforum.web.problems import Invalid, TooMany
from tests.people import Browser, hidden_fields, make_person
from tests.servers import served
from trials.attack.worlds import Forum, forum
from trials.trial import Outcome, Trial

OWNER = "ani@bandung.example"
ALLOWED = 10  # tries that are compared for an account in a quarter of an hour
FOR_ADDRESS = 100
ENDLESS = 10**9
GUESSES, SHORT_GUESSES = 10_000, 400
TIMINGS, SHORT_TIMINGS = 2_000, 60
REFUSED = 422  # the answer to a wrong password that was compared
APART = 0.005  # seconds
LEAST_P = 0.01


@dataclass(frozen=True, slots=True)
class Siege:
    """How many guesses of one kind were sent, and how many passwords were compared."""

    kind: str
    sent: int
    compared: int
    allowed: int

    def __str__(self) -> str:
        return f"{self.kind}: {self.compared} of {self.sent} compared"


def sieges(app: Flask, guesses: int) -> Iterator[Siege]:
    """Guessing from everywhere; the clock stands, so it is one quarter of an hour."""
    people = [f"orang{number}@bandung.example" for number in range(20)]
    for email in (OWNER, *people):
        make_person(app, email, "staff")
    each = guesses // 4
    yield _siege(app, "one account, one address", [(OWNER, "203.0.113.1", "")] * each, ALLOWED)
    many = [(people[0], f"198.51.{n // 250}.{n % 250}", "") for n in range(each)]
    yield _siege(app, "one account, many addresses", many, ALLOWED)
    forged = [(people[1], "203.0.113.2", f"192.0.{n // 250}.{n % 250}") for n in range(each)]
    yield _siege(app, "one account, forged addresses", forged, ALLOWED)
    over = itertools.islice(itertools.cycle(people[2:]), each)
    spread = [(email, "203.0.113.3", "") for email in over]
    yield _siege(app, "many accounts, one address", spread, FOR_ADDRESS)


def _siege(app: Flask, kind: str, tries: Sequence[tuple[str, str, str]], allowed: int) -> Siege:
    compared = 0
    compare = passwords.is_right

    def counted(password: str, password_hash: str | None) -> bool:
        nonlocal compared
        compared += 1
        return compare(password, password_hash)

    with _as_served(app), patch.object(signing_in, "is_right", counted), capture_logs():
        browser = Browser(app)
        token = hidden_fields(browser.get("/sign-in").get_data(as_text=True))["csrf_token"]
        for number, (email, address, forged) in enumerate(tries):
            browser.client.post(
                "/sign-in",
                data={"csrf_token": token, "email": email, "password": f"tebakan-{number}"},
                environ_base={"REMOTE_ADDR": address},
                headers={"X-Forwarded-For": forged} if forged else {},
            )
    return Siege(kind, len(tries), compared, allowed)


@contextmanager
def _as_served(app: Flask) -> Iterator[None]:
    """Behind what believes proxies on this machine, as the server has it."""
    plain = app.wsgi_app
    app.wsgi_app = wrap_wsgi_with_proxy_headers(plain, PROXIES)  # type: ignore[method-assign]
    try:
        yield
    finally:
        app.wsgi_app = plain  # type: ignore[method-assign]


def across_workers(place: Forum, guesses: int) -> Siege:
    """Guesses at one account from everywhere at once, answered by four worker processes."""
    owner = "semua@bandung.example"
    make_person(place.app, owner, "staff")
    settings = {
        "POLICYFORUM_DATABASE_URL": place.database_url,
        "POLICYFORUM_DATA_DIR": str(place.folder),
        "POLICYFORUM_SECRET_KEY": place.app.config["SECRET_KEY"],
    }
    page = Browser(place.app).get("/sign-in")
    cookie = page.headers["Set-Cookie"].partition(";")[0]
    token = hidden_fields(page.get_data(as_text=True))["csrf_token"]

    def guess(number: int) -> int:
        form = {"csrf_token": token, "email": owner, "password": f"tebakan-{number}"}
        connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=120)
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/sign-in", urlencode(form), headers)
        status = connection.getresponse().status
        connection.close()
        return status

    with (
        served(settings, place.folder, workers=4) as server,
        ThreadPoolExecutor(max_workers=16) as crowd,
    ):
        compared = list(crowd.map(guess, range(guesses))).count(REFUSED)
    return Siege("four workers at once", guesses, compared, ALLOWED)


def owner_gets_in(app: Flask) -> bool:
    """From the device the owner has used before, while others guess; and not from a new one."""
    owner = "pemilik@bandung.example"
    make_person(app, owner, "staff")
    known = Browser(app)
    known.sign_in(owner)
    known.post("/sign-out", page="/account")
    _siege(app, "", [(owner, "203.0.113.9", "")] * (ALLOWED * 3), ALLOWED)
    shut = Browser(app).sign_in(owner).status_code == 429
    return shut and known.sign_in(owner).status_code == 303


def timings(app: Flask, count: int, name: str, allowed: int) -> tuple[list[float], list[float]]:
    """Seconds of processor time for wrong passwords of known and of unknown people, in turn.

    `allowed`: how many are compared; those, and the first that is refused, are not among them.
    """
    app.testing = False  # passwords are hashed as in production
    make_person(app, f"{name}@bandung.example", "staff")
    known: list[float] = []
    unknown: list[float] = []
    with (
        app.test_request_context(),
        capture_logs(),
        patch.object(attempts, "FOR_ACCOUNT", allowed),
        patch.object(attempts, "FOR_ADDRESS", ENDLESS),
    ):
        for number in range(count + 4 * ALLOWED):
            email, kept = ((name, known), (f"bukan-{name}", unknown))[number % 2]
            began = time.thread_time()
            _refused(f"{email}@bandung.example")
            kept.append(time.thread_time() - began)
    app.testing = True
    return known[2 * ALLOWED :], unknown[2 * ALLOWED :]


def _refused(email: str) -> None:
    caller = signing_in.Caller("trial", "203.0.113.4", None)
    try:
        signing_in.sign_in(email, "bukan-kata-sandinya", caller, now())
    except (Invalid, TooMany):
        return
    raise AssertionError("a wrong password was taken")


def rank_test(one: Sequence[float], other: Sequence[float]) -> float:
    """p of the two-sided Mann-Whitney test, by its normal approximation, without ties."""
    ranks = {value: rank for rank, value in enumerate(sorted([*one, *other]), 1)}
    n, m = len(one), len(other)
    u = sum(ranks[value] for value in one) - n * (n + 1) / 2
    z = (u - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(z) / math.sqrt(2))


@dataclass(frozen=True, slots=True)
class Alike:
    """How alike the times are that known and unknown people are kept waiting."""

    known: Sequence[float]
    unknown: Sequence[float]

    @property
    def apart(self) -> float:
        """Seconds between the medians."""
        return abs(statistics.median(self.known) - statistics.median(self.unknown))

    @property
    def p(self) -> float:
        """How likely times as different as these are by chance."""
        return rank_test(self.known, self.unknown)

    def __str__(self) -> str:
        return f"{1000 * self.apart:.2f} ms apart, p = {self.p:.2f}"


def run(full: bool) -> Outcome:
    with forum() as place:
        found = list(sieges(place.app, GUESSES if full else SHORT_GUESSES))
        if full:
            found.append(across_workers(place, SHORT_GUESSES))
        gets_in = owner_gets_in(place.app)
        count = TIMINGS if full else SHORT_TIMINGS
        compared = Alike(*timings(place.app, count, "dikenal", ENDLESS))
        throttled = Alike(*timings(place.app, count, "ditahan", ALLOWED))
    figure = (
        f"{'; '.join(map(str, found))}; owner on a known device {'in' if gets_in else 'OUT'};"
        f" known and unknown {compared}, once throttled {throttled}"
    )
    # Few timings tell too little for the ranks.
    alike = all(
        one.apart < APART and (one.p > LEAST_P or not full) for one in (compared, throttled)
    )
    return Outcome(figure, all(s.compared <= s.allowed for s in found) and gets_in and alike)


def broken(full: bool) -> Outcome:
    """An unknown address is refused before any password is compared, and tries do not count."""
    compare = passwords.is_right

    def at_once(password: str, password_hash: str | None) -> bool:
        return password_hash is not None and compare(password, password_hash)

    with (
        patch.object(signing_in, "is_right", at_once),
        patch.object(attempts, "FOR_ACCOUNT", ENDLESS),
    ):
        return run(False)


TRIAL = Trial(
    name="F21",
    what="guesses at one account and many, from one address, many and forged ones; the time a wrong"
    " password takes for people who are known and who are not, before and after they are throttled",
    goal="≤ 10 compared for an account, ≤ 100 for an address; the owner gets in; < 5 ms apart,"
    " p > 0.01",
    run=run,
    breaks="tries not counted; the unknown refused at once",
    broken=broken,
)
