"""The pages people work on: worksheet, home, history, comparison."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.comparing import CONNECTIONS, Thing, beside_hello, effort
from benchmarks.data.city import DRAFTER, staff
from benchmarks.data.engines import databases
from benchmarks.data.making import POLICY
from benchmarks.judging import asks, row_of
from benchmarks.people import sign_in
from benchmarks.servers import GUNICORN, application, yardstick
from benchmarks.table import Row, Topic
from tests.engines import ENGINES

CPU_BAR = 10.0


def measure(quick: bool) -> Iterator[Row]:
    taken = effort(quick)
    with yardstick() as y:
        for engine in ENGINES[:1] if quick else ENGINES:
            with databases(engine) as opened:
                database = opened("small")
                with application(GUNICORN, database.settings, database.roots) as server:
                    drafter = sign_in(server, DRAFTER).cookie
                    member = sign_in(server, staff(0)).cookie
                    for what, path, who in (
                        ("worksheet, drafter", f"/policies/{POLICY}/worksheet", drafter),
                        ("home, drafter", "/", drafter),
                        ("home, staff", "/", member),
                        ("home, signed out", "/", ""),
                        ("history, signed out", f"/policies/{POLICY}/history", ""),
                        ("comparison, signed out", f"/policies/{POLICY}/changes/1..2", ""),
                        ("comparison, staff", f"/policies/{POLICY}/changes/1..2", member),
                    ):
                        thing = Thing(server, [asks(path, who)] * CONNECTIONS)
                        found = beside_hello(thing, y, taken)
                        yield row_of(f"{what}: {engine}", found, cpu=CPU_BAR)


TOPIC = Topic("working", "Worksheet, home, history, comparison (computed before)", measure)
