"""F1, F2: processes die at any moment, web workers and the database alike."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Sequence
from contextlib import ExitStack

from sqlalchemy import text

from policyforum.db.session import db
from tests.servers import COMMAND, ServerProcess
from trials.storage import broken
from trials.storage.crowd import Crowd
from trials.storage.kept import look
from trials.storage.site import Site, let_go, site
from trials.trial import ANY_TIME, Outcome, Trial

SEED = 20261123
CLIENTS = 16
KILLS = {True: 200, False: 3}
DATABASE_KILLS = {True: 100, False: 2}
KILLS_OF_MUTANT = {True: 8, False: 5}
BETWEEN = (10, 80)  # acknowledgements between two kills
BACK_WITHIN = 3.0  # seconds
DATABASE_BACK_WITHIN = 5.0


def kill_servers(
    engine: str, kills: int, within: float, command: Sequence[str] = COMMAND
) -> Outcome:
    """F1: kill one worker, all workers, or the whole server, while people write."""
    chance = random.Random(SEED)
    waits, unsound = [], 0
    with site(engine) as place, ExitStack() as running:
        crowd = Crowd(place, CLIENTS, insistent=True)
        with crowd.writing():
            server = _up(place, crowd, running, command)
            for _kill in range(kills):
                crowd.wait_for_more(chance.randint(*BETWEEN))
                began = time.monotonic()
                if chance.random() < 0.3:
                    crowd.go_to("")
                    server.kill()
                    server = _up(place, crowd, running, command)
                else:
                    _kill_workers(server, chance)
                crowd.wait_for_more()
                waits.append(time.monotonic() - began)
                unsound += not _is_sound(place)
        running.close()
        kept = look(place, crowd)
    return Outcome(
        f"{kills} kills, {len(crowd.acknowledged):,} acknowledged: {kept}; checked after every "
        f"kill: {kills - unsound}/{kills} sound; serving again after at most {max(waits):.1f} s",
        kept.is_whole and not unsound and max(waits) <= within,
    )


def kill_database(kills: int, within: float, settings: dict[str, str] | None = None) -> Outcome:
    """F2: kill every process of PostgreSQL while people write; the server goes on running."""
    chance = random.Random(SEED)
    waits = []
    with site("postgresql", postgres=settings or {}) as place:
        assert place.postgres is not None
        crowd = Crowd(place, CLIENTS, insistent=True)
        with place.serve() as server, crowd.writing():
            crowd.go_to(server.url)
            for _kill in range(kills):
                crowd.wait_for_more(chance.randint(*BETWEEN))
                place.postgres.kill()
                place.postgres.start()  # → after its own recovery
                waits.append(crowd.wait_for_more())
        kept = look(place, crowd)
    unexpected = {status: n for status, n in crowd.refusals.items() if status not in (0, 503)}
    return Outcome(
        f"{kills} kills, {len(crowd.acknowledged):,} acknowledged: {kept}; the first write after "
        f"it was up again took at most {max(waits):.1f} s; refusals other than 503: "
        f"{unexpected or 'none'}",
        kept.is_whole and not unexpected and max(waits) <= within,
    )


def _up(place: Site, crowd: Crowd, running: ExitStack, command: Sequence[str]) -> ServerProcess:
    running.close()
    server = running.enter_context(place.serve(command=command))
    crowd.go_to(server.url)
    return server


def _kill_workers(server: ServerProcess, chance: random.Random) -> None:
    """One worker, or all; the server starts others in their place."""
    workers = server.workers()
    for pid in workers if chance.random() < 0.4 else workers[:1]:
        os.kill(pid, signal.SIGKILL)


def _is_sound(place: Site) -> bool:
    """Whether the database finds nothing wrong with itself; PostgreSQL is read at the end only."""
    if place.postgres is not None:
        return True
    with place.app.app_context():
        sound = db.session.scalar(text("PRAGMA integrity_check")) == "ok"
    let_go(place.app)
    return bool(sound)


def _killing_servers(engine: str) -> Trial:
    return Trial(
        f"F1 {engine}",
        "kill -9 of web workers and servers at random moments, 16 people writing",
        f"0 lost, 0 doubled, sound after every kill, serving again within {BACK_WITHIN:.0f} s",
        lambda full: kill_servers(engine, KILLS[full], BACK_WITHIN if full else ANY_TIME),
        "answers before it commits",
        lambda full: kill_servers(
            engine, KILLS_OF_MUTANT[full], ANY_TIME, broken.command("answer-first")
        ),
    )


KILLING = (
    _killing_servers("sqlite"),
    _killing_servers("postgresql"),
    Trial(
        "F2 postgresql",
        "kill -9 of all of PostgreSQL at random moments, 16 people writing; the server runs on",
        f"0 lost, 0 doubled, only 503 meanwhile, writing again within {DATABASE_BACK_WITHIN:.0f} s",
        lambda full: kill_database(
            DATABASE_KILLS[full], DATABASE_BACK_WITHIN if full else ANY_TIME
        ),
        "synchronous_commit=off",
        lambda full: kill_database(KILLS_OF_MUTANT[full], ANY_TIME, {"synchronous_commit": "off"}),
    ),
)
