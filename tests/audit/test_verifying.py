"""A check that can't be carried out says so, and never that the record was changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from config import Config
from policyforum.audit import verifying
from policyforum.cli import main
from policyforum.db import engine as engines
from policyforum.db.session import db
from tests.engines import ENGINES
from tests.people import make_person
from tests.servers import settings_of
from tests.waiting import held_until_waited_for

ALLOW, DENY, SELECT = 0, 1, 21
"""SQLite's numbers for what it is told, and for what it asks leave for."""


@pytest.fixture(autouse=True)
def somebody(app: Flask) -> None:
    """So that there is something on record."""
    make_person(app, "ani@kota.example", "staff")


@pytest.mark.parametrize("within", ["_end", "unaccounted", "ask"])
def test_a_query_that_fails_is_not_taken_for_a_changed_record(
    app: Flask, monkeypatch: pytest.MonkeyPatch, within: str
) -> None:
    honest = getattr(verifying, within)

    def fail(*given: object) -> object:
        with failing_queries():
            return honest(*given)

    monkeypatch.setattr(verifying, within, fail)
    with app.app_context(), pytest.raises(DBAPIError):
        verifying.verify_record()


@contextmanager
def failing_queries() -> Iterator[None]:
    """Every query fails meanwhile, whatever it asks; on PostgreSQL the whole transaction does."""
    if db.engine.dialect.name == ENGINES[0]:
        driver = db.session.connection().connection.driver_connection
        assert driver is not None
        driver.set_authorizer(lambda action, *_what: DENY if action == SELECT else ALLOW)
        try:
            yield
        finally:
            driver.set_authorizer(None)
    else:
        with pytest.raises(SQLAlchemyError):
            db.session.execute(text("SELECT 1 / 0"))
        yield


@pytest.mark.one_engine
@pytest.mark.parametrize("error", [MemoryError(), OSError("disk")])
def test_a_machine_that_gives_out_is_not_taken_for_a_changed_record(
    app: Flask, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def give_out(*_given: object) -> None:
        raise error

    for asked in ("ask", "unaccounted"):
        with app.app_context(), monkeypatch.context() as patch:
            patch.setattr(verifying, asked, give_out)
            with pytest.raises(type(error)):
                verifying.verify_record()


@pytest.mark.one_engine
def test_a_damaged_file_is_called_damaged(app: Flask, config: Config) -> None:
    with app.app_context():
        db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        page = db.session.execute(
            text("SELECT rootpage FROM sqlite_master WHERE name = 'audit_salts'")
        ).scalar_one()
        size = db.session.execute(text("PRAGMA page_size")).scalar_one()
        file = Path(str(db.engine.url.database))
        db.session.remove()
        db.engine.dispose()
    with file.open("r+b") as damaged:
        damaged.seek((page - 1) * size)
        damaged.write(b"\xff" * size)
    found = CliRunner().invoke(main, ["audit", "verify"], env=settings_of(config))
    assert found.exit_code == 1
    assert "malformed" in found.stderr
    assert "audit entry" not in found.stderr


def test_who_holds_a_table_is_waited_for(
    app: Flask, config: Config, engine: str, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine == ENGINES[0]:
        pytest.skip("reading a SQLite file waits for nobody")
    monkeypatch.setitem(engines.POSTGRESQL_PATIENCE, "lock_timeout", "20ms")
    with held_until_waited_for(database_url, "LOCK TABLE role_grants", longer=100):
        found = CliRunner().invoke(main, ["audit", "verify"], env=settings_of(config))
    assert (found.exit_code, found.stderr) == (0, "")


@pytest.mark.parametrize(
    "table", ["audit_tree_heads", "audit_entries", "audit_salts", "role_grants"]
)
def test_a_table_that_is_gone_is_found(app: Flask, table: str) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO elsewhere"))
    with app.app_context():
        assert verifying.verify_record().broken_seq is not None
