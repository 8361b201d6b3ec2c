"""Somebody holds rows of a PostgreSQL database until somebody else waits for them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy.engine import make_url

from policyforum.db.session import db, transaction

LIMIT = 30.0  # seconds

WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
AND clock_timestamp() - query_start > %s * interval '1 millisecond'
"""


def connect(database_url: str) -> psycopg.Connection[Any]:
    """To the same database, past the application."""
    parts = make_url(database_url)
    return psycopg.connect(
        host=str(parts.query["host"]), user=parts.username, dbname=parts.database
    )


@contextmanager
def held_until_waited_for(database_url: str, statement: str, *, longer: int = 0) -> Iterator[None]:
    """What `statement` locks is held until somebody has waited for it `longer` (milliseconds).

    It is freed at the end in any case; nobody having waited fails.
    """
    over = threading.Event()
    seen: list[bool] = []
    with connect(database_url) as holder:
        holder.execute(statement)
        thread = threading.Thread(
            target=lambda: seen.append(_free_in_time(database_url, holder, longer, over))
        )
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join(LIMIT)
    assert seen == [True], "nobody waited"


def together(app: Flask, *acts: Callable[[], object], database_url: str, held: str) -> None:
    """Each act in a transaction and thread of its own, in this order of asking for what is held.

    `held`: a statement that locks what all of them have to wait for. What an act raises is raised.
    """
    raised: list[BaseException] = []

    def carry_out(act: Callable[[], object]) -> None:
        with app.app_context():
            try:
                with transaction():
                    act()
            except BaseException as error:  # raised again by whoever asked for it
                raised.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=carry_out, args=(act,)) for act in acts]
    with connect(database_url) as holder:
        holder.execute(held)
        for already, thread in enumerate(threads):
            thread.start()
            _await_waiting(database_url, already + 1)
        holder.rollback()
    for thread in threads:
        thread.join(LIMIT)
        assert not thread.is_alive()
    if raised:
        raise raised[0]


def _free_in_time(
    database_url: str, holder: psycopg.Connection[Any], longer: int, over: threading.Event
) -> bool:
    deadline = time.monotonic() + LIMIT
    was_waited_for = False
    with connect(database_url) as looking:
        looking.autocommit = True
        while not (was_waited_for or over.is_set()) and time.monotonic() < deadline:
            was_waited_for = _waiting(looking, longer) > 0
    holder.close()
    return was_waited_for


def _await_waiting(database_url: str, count: int) -> None:
    deadline = time.monotonic() + LIMIT
    with connect(database_url) as looking:
        looking.autocommit = True
        while _waiting(looking, 0) < count:
            assert time.monotonic() < deadline, "nobody waits for what is held"


def _waiting(looking: psycopg.Connection[Any], longer: int) -> int:
    row = looking.execute(WAITING, (longer,)).fetchone()
    assert row is not None
    return int(row[0])
