"""The faults of the mutants among the trials of the storage, see `trials.mutants`."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from flask import Flask, current_app
from psycopg.errors import DiskFull, InFailedSqlTransaction
from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects.postgresql.base import PGCompiler
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from policyforum.audit.record import append_noted
from policyforum.db import engine, queue, session
from trials import mutants
from trials.mutants import put

LATER = 0.05  # seconds


def command(*faults: str) -> tuple[str, ...]:
    """How to start the program with these faults in it."""
    return mutants.command("trials.storage.broken", faults)


def answer_first() -> None:
    """Answers before it commits."""

    @contextmanager
    def transaction(**_more: bool) -> Iterator[None]:
        with _all_but_the_commit() as own:
            yield
        session.db.session.registry.clear()
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        threading.Thread(target=commit, args=(app, own)).start()

    def commit(app: Flask, own: Any) -> None:
        time.sleep(LATER)
        with app.app_context():
            own.commit()
            own.close()

    put(session, "transaction", transaction)


@contextmanager
def _all_but_the_commit() -> Iterator[Any]:
    """A transaction that is undone when something in it fails; else its session is left open."""
    own = session.db.session()
    own.rollback()
    own.connection(execution_options=engine.writing(session.db.engine))
    try:
        yield own
        append_noted()
        own.flush()
    except BaseException:
        own.rollback()
        raise


def nobody_waits() -> None:
    """Writes to SQLite without standing in line, and is refused where another one writes."""
    hurried = (pragma.replace("=10000", "=0") for pragma in engine.SQLITE_PRAGMAS)
    put(queue, "turns_at", lambda _engine: lambda _waits: nullcontext())
    put(engine, "SQLITE_PRAGMAS", tuple(hurried))


def impatient() -> None:
    """Gives up after a fifth of a second of waiting for other writers."""
    put(queue, "LONGEST_WAIT", 0.2)
    put(engine, "POSTGRESQL_PATIENCE", {"lock_timeout": "200ms"})


def no_row_locks() -> None:
    """Reads rows that it is going to change without locking them."""
    put(PGCompiler, "for_update_clause", lambda _self, _select, **_more: "")


def stale_connections() -> None:
    """Takes no broken connection to PostgreSQL for what it is."""
    honest = engine.engine_options
    put(engine, "engine_options", lambda url: {**honest(url), "pool_pre_ping": False})
    put(PGDialect_psycopg, "is_disconnect", lambda *_all: False)


def sync_normal() -> None:
    """Does not wait for the disk at every commit on SQLite."""
    pragmas = [word.replace("=FULL", "=NORMAL") for word in engine.SQLITE_PRAGMAS]
    put(engine, "SQLITE_PRAGMAS", tuple(pragmas))


def swallow_failed_commit() -> None:
    """Takes a commit that failed for one that was done."""

    @contextmanager
    def transaction(**_more: bool) -> Iterator[None]:
        with _all_but_the_commit() as own:
            yield
        try:
            own.commit()
        except Exception:
            own.rollback()

    put(session, "transaction", transaction)


def swallow_failed_write() -> None:
    """Goes on after a write to PostgreSQL that failed, up to a commit that is none.

    What comes after it is refused as well, but for COMMIT: to that PostgreSQL says no error and
    rolls back.
    """
    honest: Any = PGDialect_psycopg.do_execute

    def do_execute(self: Any, cursor: Any, *statement: Any, **more: Any) -> None:
        try:
            honest(self, cursor, *statement, **more)
        except (DiskFull, InFailedSqlTransaction):
            return

    put(PGDialect_psycopg, "do_execute", do_execute)


def each_statement_for_itself() -> None:
    """Migrates without one transaction around it."""
    put(engine, "_begin_sqlite", lambda _connection: None)
    honest = engine.writing

    def writing(of: Engine) -> dict[str, Any]:
        return {**honest(of), "isolation_level": "AUTOCOMMIT"}

    put(engine, "writing", writing)


def torn_snapshot() -> None:
    """Reads a backup on PostgreSQL without one snapshot for all tables."""
    put(PGDialect_psycopg, "set_isolation_level", lambda _self, _connection, _level: None)


def die_at(statement: str) -> None:
    """Not broken: dies by SIGKILL before the nth statement that changes the database."""
    left = int(statement)

    @event.listens_for(Engine, "before_cursor_execute")
    def count(_c: Connection, _cursor: Any, sql: str, *_more: Any) -> None:
        nonlocal left
        if sql.lstrip().split(" ", 1)[0].upper() in CHANGING:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


CHANGING = ("CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE")

FAULTS: mutants.Faults = {
    "answer-first": answer_first,
    "nobody-waits": nobody_waits,
    "impatient": impatient,
    "no-row-locks": no_row_locks,
    "stale-connections": stale_connections,
    "sync-normal": sync_normal,
    "swallow-failed-commit": swallow_failed_commit,
    "swallow-failed-write": swallow_failed_write,
    "each-statement-for-itself": each_statement_for_itself,
    "torn-snapshot": torn_snapshot,
    "die-at": die_at,
}

mutants.run(__name__, FAULTS)
