"""Reading a revision: its page, as scripts and as browsers ask for it, and unchanged."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.comparing import CONNECTIONS, Effort, Thing, beside_hello, effort
from benchmarks.data.city import staff
from benchmarks.data.engines import databases
from benchmarks.data.making import POLICY
from benchmarks.judging import BROWSER, asks, row_of
from benchmarks.people import ask, sign_in
from benchmarks.servers import GUNICORN, OWN, Server, application, yardstick
from benchmarks.table import Row, Topic
from tests.engines import ENGINES

PAGE = f"/policies/{POLICY}/revisions/2"
BARS = {
    ("page", GUNICORN): {"rate": 0.35, "cpu": 3.0},
    ("page", OWN): {"rate": 1.0},
    ("unchanged", GUNICORN): {"rate": 0.7, "cpu": 2.0},
    ("unchanged", OWN): {"rate": 0.7},
}


def measure(quick: bool) -> Iterator[Row]:
    taken = effort(quick)
    with yardstick() as y:
        for engine in ENGINES[:1] if quick else ENGINES:
            with databases(engine) as opened:
                database = opened("small")
                for kind in (GUNICORN, OWN):
                    with application(kind, database.settings, database.roots) as server:
                        yield from _by(server, y, taken, engine)


def _by(server: Server, y: Server, taken: Effort, engine: str) -> Iterator[Row]:
    nobody = [""] * CONNECTIONS
    people = [sign_in(server, staff(number)).cookie for number in range(CONNECTIONS)]
    for who, cookies in (("signed out", nobody), ("signed in", people)):
        where = f"{engine}, {server.name}, {who}"
        for what, extra in (("page", ()), ("page as a browser asks", (BROWSER,))):
            thing = Thing(server, [asks(PAGE, cookie, *extra) for cookie in cookies])
            found = beside_hello(thing, y, taken)
            yield row_of(f"{what}: {where}", found, **BARS["page", server.name])
        tags = [_validator(server, cookie) for cookie in cookies]
        bars = BARS["unchanged", server.name]
        if not all(tags):
            yield Row(f"unchanged: {where}", "the page carries no ETag", "304", False)
            continue
        made = [asks(PAGE, *pair) for pair in zip(cookies, tags, strict=True)]
        found = beside_hello(Thing(server, made, 304), y, taken)
        yield row_of(f"unchanged: {where}", found, **bars)


def _validator(server: Server, cookie: str) -> str:
    """The header line that asks whether the page has changed; "" when it can't be asked."""
    sent = {"Cookie": cookie.removeprefix("Cookie: ")} if cookie else {}
    tag = ask(server, PAGE, sent).headers.get("etag")
    return f"If-None-Match: {tag}" if tag else ""


TOPIC = Topic("reading", "A revision of 60 articles with 2,000 comments behind it", measure)
