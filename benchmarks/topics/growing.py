"""What the same page and the same post cost when there is ten times as much of something."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.comparing import CONNECTIONS, Comparison, Thing, compare, effort
from benchmarks.data.city import staff
from benchmarks.data.engines import databases
from benchmarks.data.making import POLICY
from benchmarks.judging import BROWSER, asks
from benchmarks.people import sign_in
from benchmarks.servers import GUNICORN, Server, application
from benchmarks.table import Row, Topic
from benchmarks.topics.posting import SEE_OTHER, contributions, replies, targets
from tests.engines import ENGINES

BAR = 1.2
GROWN = ("comments ×10", "sections ×10", "policies ×10", "25,000 people")
REVISION = f"/policies/{POLICY}/revisions/2"
PAGES = {
    "revision": REVISION,
    "threads": f"{REVISION}/threads",
    "home": "/",
    "list of policies": "/policies",
}


def measure(quick: bool) -> Iterator[Row]:
    small, grown = ("tiny", ("small",)) if quick else ("small", GROWN)
    for engine in ENGINES[:1] if quick else ENGINES:
        with databases(engine) as opened:
            for name in grown:
                one, ten = opened(small), opened(name)
                with (
                    application(GUNICORN, one.settings, one.roots) as before,
                    application(GUNICORN, ten.settings, ten.roots) as after,
                ):
                    first, then = _things(before, small), _things(after, name)
                    for what, thing in then.items():
                        found = compare(thing, first[what], effort(quick))
                        yield _row(f"{name}, {what}: {engine}", found)


def _things(server: Server, size: str) -> dict[str, Thing]:
    """Pages and posts, by what they are called in the table."""
    people = [sign_in(server, staff(number)) for number in range(CONNECTIONS)]
    sections, threads = targets(size)
    pages = {
        what: Thing(server, [asks(path, person.cookie, BROWSER) for person in people])
        for what, path in PAGES.items()
    }
    opening = [contributions(person, sections) for person in people]
    answering = [replies(person, threads) for person in people]
    return {
        **pages,
        "contribution": Thing(server, opening, SEE_OTHER),
        "reply": Thing(server, answering, SEE_OTHER),
    }


def _row(what: str, found: Comparison) -> Row:
    return Row(
        what,
        f"{found.cpu_ratio:.2f} × the CPU",
        f"≤ {BAR} ×",
        found.cpu_ratio <= BAR,
        f"{found.cpu * 1000:.2f} ms CPU, p50 {found.p50_ratio:.2f} ×, {found.size / 1000:.0f} kB",
        found.values,
    )


TOPIC = Topic("growing", "Ten times as much", measure)
