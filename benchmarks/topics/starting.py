"""From the command to the first answer, and what a worker then holds in memory."""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median

from benchmarks.client import burst
from benchmarks.data.engines import databases
from benchmarks.data.making import POLICY
from benchmarks.judging import asks
from benchmarks.processes import memory, tree
from benchmarks.servers import OWN, WORKERS, Server, application, yardstick
from benchmarks.table import Row, Topic
from tests.engines import ENGINES

SECONDS_BAR, MEGABYTES_BAR = 3.0, 150.0
WARM = 40
"""Pages read before the memory is looked at."""


def measure(quick: bool) -> Iterator[Row]:
    for engine in ENGINES[:1] if quick else ENGINES:
        with databases(engine) as opened:
            database = opened("small")
            took, busy, ours = [], [], []
            sizes: list[float] = []
            for _round in range(1 if quick else 5):
                ours.append(_seconds_to_start_yardstick())
                begun = time.perf_counter()
                with application(OWN, database.settings) as server:
                    took.append(time.perf_counter() - begun)
                    busy.append(server.cpu_seconds())
                    sizes = _worker_sizes(server)
            yield _start_row(engine, median(took), median(busy), median(ours))
            yield _memory_row(engine, *sizes)


def _seconds_to_start_yardstick() -> float:
    begun = time.perf_counter()
    with yardstick():
        return time.perf_counter() - begun


def _worker_sizes(server: Server) -> list[float]:
    """RSS and PSS of the largest worker after reading, in megabytes."""
    path = f"/policies/{POLICY}/revisions/2"
    burst(server.port, [asks(path)] * 4, 0, 200, fewest=WARM)
    workers = [memory(pid) for pid in tree(server.roots)]
    found = sorted(workers, key=lambda size: size.rss)[-WORKERS:]
    return [max(size.rss for size in found) / 1e6, max(size.pss for size in found) / 1e6]


def _start_row(engine: str, seconds: float, busy: float, ours: float) -> Row:
    return Row(
        f"start to first answer: {engine}",
        f"{seconds:.2f} s",
        f"≤ {SECONDS_BAR:g} s",
        seconds <= SECONDS_BAR,
        f"{busy:.2f} s of CPU; Y: {ours:.2f} s",
        {"seconds": seconds, "cpu": busy, "yardstick": ours},
    )


def _memory_row(engine: str, rss: float, pss: float) -> Row:
    return Row(
        f"memory of a worker: {engine}",
        f"RSS {rss:.0f} MB, PSS {pss:.0f} MB",
        f"≤ {MEGABYTES_BAR:g} MB",
        rss <= MEGABYTES_BAR,
        f"after {WARM} pages of 60 articles",
        {"rss": rss * 1e6, "pss": pss * 1e6},
    )


TOPIC = Topic("starting", "`policyforum serve`: start and memory", measure)
