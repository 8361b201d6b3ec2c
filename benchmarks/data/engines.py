"""A database to measure on, on a real disk, that loses nothing it has acknowledged."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import flask_migrate
import psycopg
from sqlalchemy import Connection, Table, create_engine, make_url, select

from benchmarks.data.making import kept, opened_app, reading_engine, settings_for
from policyforum.db.base import Base
from tests.engines import ENGINES, PostgresServer

ON_DISK = "/var/tmp"
"""Where even a machine that keeps /tmp in memory has a disk, and a short name for a socket."""

SQLITE, POSTGRESQL = ENGINES


@dataclass(frozen=True, slots=True)
class Database:
    """A copy to be used up. `roots`: processes that work for whoever uses it."""

    engine: str
    settings: dict[str, str]
    roots: Sequence[int] = ()


Open = Callable[[str], Database]
"""Opens a new copy of one of the `SCALES`."""


@contextmanager
def databases(engine: str) -> Iterator[Open]:
    """Hand out copies on one engine; they are gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="policyforum-bench-", dir=ON_DISK))
    try:
        yield from (_on_sqlite if engine == SQLITE else _on_postgresql)(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _on_sqlite(folder: Path) -> Iterator[Open]:
    def opened(name: str) -> Database:
        copy = Path(tempfile.mkdtemp(dir=folder)) / "policyforum.sqlite3"
        shutil.copyfile(kept(name), copy)
        return Database(SQLITE, settings_for(f"sqlite:///{copy}", copy.parent))

    yield opened


def _on_postgresql(folder: Path) -> Iterator[Open]:
    folder.chmod(0o755)
    inner = folder / "postgresql"
    inner.mkdir(mode=0o700)
    server = PostgresServer(inner, settings={"shared_buffers": "256MB"})
    made = 0

    def opened(name: str) -> Database:
        nonlocal made
        made += 1
        database = f"b{made}"
        with psycopg.connect(_conninfo(server.url("postgres")), autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {database}")
        url = server.url(database)
        _copy(kept(name), url)
        return Database(POSTGRESQL, settings_for(url, folder), (server.pid,))

    try:
        yield opened
    finally:
        server.stop()


def _copy(source: Path, url: str) -> None:
    """Everything in the SQLite file into the new database, its statistics taken."""
    with opened_app(settings_for(url, source.parent)):
        flask_migrate.upgrade()
    target = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    origin = reading_engine(source)
    with origin.connect() as reading, target.begin() as writing:
        writing.exec_driver_sql(f"TRUNCATE {', '.join(Base.metadata.tables)}")
        writing.exec_driver_sql("SET session_replication_role = replica")  # any order of tables
        for table in Base.metadata.tables.values():
            _copy_rows(table, reading, writing)
        writing.exec_driver_sql("SET session_replication_role = origin")
    with target.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    origin.dispose()
    target.dispose()


def _copy_rows(table: Table, reading: Connection, writing: Connection) -> None:
    columns = list(table.columns)
    convert = [
        c.type.dialect_impl(writing.dialect).bind_processor(writing.dialect) for c in columns
    ]
    names = ", ".join(f'"{column.name}"' for column in columns)
    cursor: Any = writing.connection.cursor()
    with cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
        for row in reading.execute(select(table).execution_options(yield_per=1000)):
            copy.write_row(
                [to(value) if to else value for to, value in zip(convert, row, strict=True)]
            )
    for column in columns:
        if column.name == "id" and column.autoincrement:
            writing.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "
                f'coalesce((SELECT max(id) FROM "{table.name}"), 1)) '
                f"WHERE pg_get_serial_sequence('{table.name}', 'id') IS NOT NULL"
            )


def _conninfo(url: str) -> str:
    parts = make_url(url)
    return f"host={parts.query['host']} user={parts.username} dbname={parts.database}"
