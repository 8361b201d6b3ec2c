"""Threads twenty a page, at the first page and at the last; and 2,000 comments in one page."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import text

from benchmarks.comparing import CONNECTIONS, Effort, Thing, beside_hello, compare, effort
from benchmarks.data.city import staff
from benchmarks.data.engines import databases
from benchmarks.data.making import LONG_THREAD, POLICY, kept, reading_engine
from benchmarks.judging import asks, row_of
from benchmarks.people import sign_in, token_of
from benchmarks.servers import GUNICORN, Server, application, yardstick
from benchmarks.table import Row, Topic
from policyforum.web.paging import PAGE, encode_cursor
from tests.engines import ENGINES

PATH = f"policies/{POLICY}/revisions/2/threads"
RATE_BAR, CPU_BAR, DEEPEST_BAR, WHOLE_BAR = 0.5, 2.0, 1.1, 20.0


def measure(quick: bool) -> Iterator[Row]:
    taken = effort(quick)
    with yardstick() as y:
        for engine in ENGINES[:1] if quick else ENGINES:
            with databases(engine) as opened:
                for name in ("small",) if quick else ("small", "large"):
                    database = opened(name)
                    with application(GUNICORN, database.settings, database.roots) as server:
                        yield from _lists(server, y, taken, name, engine)
                        if name == "small":
                            yield from _whole(server, y, taken, engine)


def _lists(server: Server, y: Server, taken: Effort, name: str, engine: str) -> Iterator[Row]:
    comments, from_old, from_new = _depths(name)
    people = [sign_in(server, staff(number)) for number in range(CONNECTIONS)]
    pages = [person.cookie for person in people]
    calls = [token_of(server, person) for person in people]
    nobody = [""] * CONNECTIONS
    for what, prefix, headers, cursor in (
        ("API", "/api/v1/", calls, from_old),
        ("page, signed out", "/", nobody, from_new),
        ("page, signed in", "/", pages, from_new),
    ):
        where = f"{what}: {engine}, of {comments:,} comments"
        first = Thing(server, [asks(f"{prefix}{PATH}", each) for each in headers])
        last = Thing(server, [asks(f"{prefix}{PATH}?cursor={cursor}", each) for each in headers])
        for place, thing in (("first", first), ("deepest", last)):
            found = beside_hello(thing, y, taken)
            yield row_of(f"{where}, {place}", found, rate=RATE_BAR, cpu=CPU_BAR)
        ratio = compare(last, first, taken).cpu_ratio
        told = f"{ratio:.2f} × the first's CPU"
        yield Row(f"{where}, deepest ÷ first", told, f"≤ {DEEPEST_BAR}", ratio <= DEEPEST_BAR)


def _whole(server: Server, y: Server, taken: Effort, engine: str) -> Iterator[Row]:
    """A thread's own page shows all its comments."""
    thread, comments = _long_thread("small")
    person = sign_in(server, staff(0))
    for who, header in (("signed out", ""), ("signed in", person.cookie)):
        thing = Thing(server, [asks(f"/threads/{thread}", header)] * CONNECTIONS)
        found = beside_hello(thing, y, taken)
        yield row_of(f"all {comments:,} comments in a page: {engine}, {who}", found, cpu=WHOLE_BAR)


def _depths(name: str) -> tuple[int, str, str]:
    """How many comments the policy has, and the cursors of the last full page: from the oldest
    thread on, and from the newest."""
    ids = (
        "SELECT t.id FROM threads t JOIN policies p ON p.id = t.policy_id "
        f"WHERE p.slug = '{POLICY}' ORDER BY t.id {{}} LIMIT 1 OFFSET {PAGE}"
    )
    count = (
        "SELECT sum(t.comment_count) FROM threads t JOIN policies p ON p.id = t.policy_id "
        f"WHERE p.slug = '{POLICY}'"
    )
    with reading_engine(kept(name)).connect() as connection:
        last, first = (connection.scalar(text(ids.format(way))) for way in ("DESC", "ASC"))
        comments = int(connection.scalar(text(count)) or 0)
    return comments, encode_cursor([int(last or 0)]), encode_cursor([int(first or 0)])


def _long_thread(name: str) -> tuple[str, int]:
    query = (
        "SELECT t.public_id, t.comment_count FROM threads t JOIN policies p "
        f"ON p.id = t.policy_id WHERE p.slug = '{LONG_THREAD}'"
    )
    with reading_engine(kept(name)).connect() as connection:
        found = connection.execute(text(query)).one()
    return str(found[0]), int(found[1])


TOPIC = Topic("threads", "Threads by cursor, 20 a page, and all comments in one page", measure)
