"""F3: the power fails after any acknowledged write; what was synced is all there is."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pysqlite3

from tests.engines import PostgresServer, database_folder
from trials.storage.replay import OPTIONS, Disk
from trials.storage.site import DURABLE, Site, site
from trials.trial import Outcome, Trial

SEEDS = {True: 10, False: 1}
WRITES = {True: 200, False: 12}
DATABASE_WRITES = {True: 200, False: 12}
DATABASE_CUTS = {True: 30, False: 2}
WRITES_OF_MUTANT = 30
WRITER_TIME = 300  # seconds

Check = Callable[[Path, list[str]], str]
"""From a folder as the power cut left it and the ids acknowledged until then, what is wrong."""


def cut_power_sqlite(seeds: int, writes: int, *mutant: str) -> Outcome:
    """Replay each writer's trace, and cut the power after every acknowledgement, twice."""
    wrong: list[str] = []
    cuts = 0
    with site("sqlite", people=4) as place, _copied(place.folder / "var") as start:
        for seed in range(seeds):
            _reset(place.folder / "var", start)
            trace = _traced(place, writes, seed, *mutant)
            found = _cut(Disk(place.folder / "var", start), trace, seed, 1, _check_sqlite)
            cuts += len(found)
            wrong += filter(None, found)
    return _told(cuts, wrong, f"{seeds} × {writes} writes")


def cut_power_postgresql(writes: int, cuts: int, settings: dict[str, str] | None = None) -> Outcome:
    """The same for PostgreSQL, its processes traced with the writer; every cut takes a recovery."""
    with site("postgresql", people=4, postgres=settings or {}) as place:
        assert place.postgres is not None
        place.postgres.shut_down()
        home = place.postgres.folder
        with _copied(home / "data") as start:
            trace = _traced(place, writes, 0, postgres={**DURABLE, **(settings or {})})
            every = max(1, 2 * writes // cuts)
            found = _cut(Disk(home / "data", start), trace, 0, every, _check_postgresql)
    return _told(len(found), [wrong for wrong in found if wrong], f"{writes} writes")


def _cut(disk: Disk, trace: Path, seed: int, every: int, check: Check) -> list[str]:
    """Cut the power after every nth acknowledgement; → what was wrong each time."""
    chance = random.Random(seed)
    acknowledged: list[str] = []
    found = []
    for said in disk.acknowledgements(trace):
        acknowledged.append(said.split()[1])
        if len(acknowledged) % every == 0:
            for some in (None, chance):
                with _in_memory() as home:
                    disk.lay_out(home / "data", some)
                    found.append(check(home / "data", acknowledged))
    trace.unlink()
    return found


def _traced(
    place: Site, writes: int, seed: int, *mutant: str, postgres: dict[str, str] | None = None
) -> Path:
    """Let the writer write under strace; → the trace."""
    told = {"settings": place.settings, "postgres": postgres, "folder": str(place.folder)}
    orders, trace = place.folder / "orders.json", place.folder / "trace"
    orders.write_text(json.dumps(told), "utf-8")
    writer = [sys.executable, "-m", "trials.storage.writer", str(orders), str(writes), str(seed)]
    with (place.folder / "writer.log").open("wb") as log:
        done = subprocess.run(
            [*OPTIONS, "-o", str(trace), *writer, *mutant],
            stdout=subprocess.DEVNULL,
            stderr=log,
            timeout=WRITER_TIME,
        )
    if done.returncode != 0:
        raise RuntimeError((place.folder / "writer.log").read_text())
    return trace


def _check_sqlite(data: Path, acknowledged: list[str]) -> str:
    connection = pysqlite3.connect(str(data / "policyforum.sqlite3"))
    try:
        state = str(connection.execute("PRAGMA integrity_check").fetchone()[0])
        if state != "ok":
            return state
        if connection.execute("PRAGMA foreign_key_check").fetchone():
            return "a row refers to nothing"
        return _what_is_missing(lambda sql: connection.execute(sql).fetchall(), acknowledged)
    except pysqlite3.DatabaseError as error:
        return str(error)
    finally:
        connection.close()


def _check_postgresql(data: Path, acknowledged: list[str]) -> str:
    try:
        server = PostgresServer(data.parent, DURABLE)
    except RuntimeError as error:
        return str(error)
    try:
        with psycopg.connect(server.conninfo("postgres")) as connection:
            return _what_is_missing(lambda sql: connection.execute(sql).fetchall(), acknowledged)
    except psycopg.Error as error:
        return str(error)
    finally:
        server.kill()


def _what_is_missing(read: Callable[[str], list[tuple[object, ...]]], told: list[str]) -> str:
    stored = {str(row[0]) for row in read("SELECT public_id FROM comments")}
    if lost := [public_id for public_id in told if public_id not in stored]:
        return f"{len(lost)} lost"
    (counted, comments, head, entries), *_none = read(
        "SELECT (SELECT sum(comment_count) FROM threads), (SELECT count(*) FROM comments), "
        "(SELECT seq FROM audit_head), (SELECT max(seq) FROM audit_entries)"
    )
    return "" if (counted, head) == (comments, entries) else "half a transaction"


@contextmanager
def _copied(folder: Path) -> Iterator[Path]:
    """A copy in memory, with owners and modes."""
    with _in_memory() as home:
        subprocess.run(["cp", "-a", str(folder), str(home / "start")], check=True)
        yield home / "start"


@contextmanager
def _in_memory() -> Iterator[Path]:
    folder = database_folder()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _reset(folder: Path, start: Path) -> None:
    shutil.rmtree(folder)
    subprocess.run(["cp", "-a", str(start), str(folder)], check=True)


def _told(cuts: int, wrong: list[str], what: str) -> Outcome:
    lost = sum(words.endswith("lost") for words in wrong)
    example = f", e.g. {wrong[0][-120:]!r}" if wrong else ""
    return Outcome(
        f"{cuts:,} power cuts ({what}; half of them keep some unsynced 4 KiB blocks): "
        f"acknowledged writes lost in {lost}, damaged or torn in {len(wrong) - lost}{example}",
        cuts > 0 and not wrong,
    )


POWER = (
    Trial(
        "F3 sqlite",
        "power cut after every acknowledged write, replayed from the trace of what was synced",
        "0 lost, 0 damaged",
        lambda full: cut_power_sqlite(SEEDS[full], WRITES[full]),
        "synchronous=NORMAL",
        lambda _full: cut_power_sqlite(1, WRITES_OF_MUTANT, "sync-normal"),
        needs=("strace",),
    ),
    Trial(
        "F3 postgresql",
        "the same with all processes of PostgreSQL traced; after each cut it recovers from its log",
        "0 lost, 0 damaged",
        lambda full: cut_power_postgresql(DATABASE_WRITES[full], DATABASE_CUTS[full]),
        "synchronous_commit=off",
        lambda _full: cut_power_postgresql(WRITES_OF_MUTANT, 4, {"synchronous_commit": "off"}),
        needs=("strace",),
    ),
)
