"""How each database engine is opened, and made safe."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pysqlite3
from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

WRITES = "policyforum_writes"
"""Set where a connection's transaction is going to write; see `writing`."""

LONGEST_CONNECTING = 5
"""Seconds that a server is waited for which does not answer at all."""

POSTGRESQL_PATIENCE = {
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
}
"""How long another writer is waited for, as on SQLite; and when one that says nothing any more is
given up, so that its locks are free."""

LONGEST_SILENCE = 20_000
"""Milliseconds after which a server that takes nothing any more counts as gone."""

SAFE_SQLITE = (3, 51, 3)
"""Before this version two connections that commit and checkpoint at once in WAL mode could
corrupt the file (the WAL-reset bug)."""

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA mmap_size=0",
    "PRAGMA busy_timeout=10000",
    "PRAGMA cache_size=-16000",
    "PRAGMA temp_store=MEMORY",
)


def engine_options(database_url: str) -> dict[str, Any]:
    """Keyword arguments of `create_engine` for this address; refuses an unsafe SQLite."""
    options = _driver_options(database_url)
    if _is_sqlite(database_url):
        return options
    return {**options, "pool_pre_ping": True, "pool_size": 5, "max_overflow": 10}


def asking_engine(database_url: str) -> Engine:
    """For `db.asking`: each connection is a new one, and plans what it is asked once."""
    engine = create_engine(database_url, poolclass=NullPool, **_driver_options(database_url))
    prepare_engine(engine)
    if not _is_sqlite(database_url):
        event.listen(engine, "connect", _plan_once)
    return engine


def _driver_options(database_url: str) -> dict[str, Any]:
    # What a failing statement carried is people's words; errors end up in the log.
    common = {"hide_parameters": True}
    if not _is_sqlite(database_url):
        # Each statement that only reads stands alone: there is nothing to begin or to roll back,
        # and after a rollback the driver forgets the statements it has prepared.
        limits = (f"-c {name}={limit}" for name, limit in POSTGRESQL_PATIENCE.items())
        patience = {
            "connect_timeout": LONGEST_CONNECTING,
            "tcp_user_timeout": LONGEST_SILENCE,
            "options": " ".join(limits),
        }
        return {**common, "isolation_level": "AUTOCOMMIT", "connect_args": patience}
    if pysqlite3.sqlite_version_info < SAFE_SQLITE:
        raise RuntimeError(
            f"SQLite {pysqlite3.sqlite_version} can corrupt a database in WAL mode; "
            f"{'.'.join(map(str, SAFE_SQLITE))} or newer is needed"
        )
    return {**common, "module": pysqlite3, "connect_args": {"timeout": 10}}


def _is_sqlite(database_url: str) -> bool:
    return make_url(database_url).get_backend_name() == "sqlite"


def writing(engine: Engine) -> dict[str, Any]:
    """Execution options of a connection whose transaction is going to write."""
    if engine.dialect.name == "sqlite":
        return {WRITES: True}
    return {WRITES: True, "isolation_level": "READ COMMITTED"}


def prepare_engine(engine: Engine) -> None:
    """Set up every connection of `engine` and how its transactions begin."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)


@contextmanager
def unwatched(connection: Connection) -> Iterator[None]:
    """SQLite does not watch references meanwhile: for what writes tables whole, and looks after.

    A table that is rebuilt must not look as if its rows were deleted; and told to look at the end,
    SQLite would search every table without an index once for each row. The driver is asked
    directly: within a transaction this has no effect.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        cursor.execute("PRAGMA foreign_keys=ON")


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver must not begin transactions by itself: it would begin them deferred, and a read
    # that turns into a write is refused at once when another writer was faster.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _plan_once(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Planning a small question anew takes three times as long as answering it."""
    cursor = connection.cursor()
    cursor.execute("SET plan_cache_mode = force_generic_plan")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
