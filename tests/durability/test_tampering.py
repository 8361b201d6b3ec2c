"""Whoever changes the record in the database is found out by `policyforum audit verify`."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import delete, insert, select, text
from sqlalchemy.exc import OperationalError

from config import Config
from policyforum.audit import verifying
from policyforum.audit.models import AuditEntry, AuditSalt
from policyforum.cli import main
from policyforum.db.session import db
from tests.api.program import City
from tests.servers import run_policyforum, settings_of

CHANGES = [
    "UPDATE audit_entries SET facts = '{}' WHERE seq = :seq",
    "UPDATE audit_entries SET verb = 'policy.changed' WHERE seq = :seq",
    "UPDATE audit_entries SET actor_id = 'someone-else' WHERE seq = :seq",
    "UPDATE audit_entries SET subject = '' WHERE seq = :seq",
    "UPDATE audit_entries SET policy = '' WHERE seq = :seq",
    "UPDATE audit_entries SET at = '2020-01-01 00:00:00.000000' WHERE seq = :seq",
    "UPDATE audit_entries SET prev_hash = hash WHERE seq = :seq",
    "UPDATE audit_entries SET hash = 'f' WHERE seq = :seq",
    "UPDATE audit_entries SET seq = 1000000 WHERE seq = :seq",
    "DELETE FROM audit_entries WHERE seq = :seq",
    "DELETE FROM audit_entries WHERE seq >= :seq",
]


@pytest.fixture
def published(app: Flask) -> int:
    """The seq of an entry in the middle of the record: a publication."""
    city = City(app)
    city.consulted(city.program("ratna", "drafter"))
    found = run(app, "SELECT seq FROM audit_entries WHERE verb = 'revision.published'")
    assert found is not None
    return found


def run(app: Flask, statement: str, **values: int) -> int | None:
    """Behind the application's back."""
    with app.app_context(), db.engine.begin() as connection:
        done = connection.execute(text(statement), values)
        return int(done.scalar_one()) if done.returns_rows else None


def verify(config: Config) -> Result:
    return CliRunner().invoke(main, ["audit", "verify"], env=settings_of(config))


def test_a_whole_record_verifies(config: Config, published: int) -> None:
    found = run_policyforum(settings_of(config), "audit", "verify")
    assert (found.returncode, found.stderr) == (0, "")
    assert int(found.stdout.split()[0]) > published


def test_a_changed_entry_is_named(app: Flask, config: Config, published: int) -> None:
    with app.app_context(), db.engine.begin() as connection:
        entries = connection.execute(select(AuditEntry.__table__)).mappings().all()
        salts = connection.execute(select(AuditSalt.__table__)).mappings().all()
    for change in CHANGES:
        run(app, "DELETE FROM audit_salts")
        run(app, change, seq=published)
        found = verify(config)
        assert found.exit_code == 1, change
        assert re.search(rf"\b{published}\b", found.stderr), (change, found.stderr)
        assert len(found.stderr.splitlines()) == 1
        with app.app_context(), db.engine.begin() as connection:
            connection.execute(delete(AuditEntry))
            connection.execute(insert(AuditEntry), [dict(entry) for entry in entries])
            connection.execute(insert(AuditSalt), [dict(salt) for salt in salts])
    assert verify(config).exit_code == 0


def test_a_record_rolled_back_behind_its_head_is_noticed(
    app: Flask, config: Config, published: int
) -> None:
    run(app, "UPDATE audit_head SET seq = seq + 1")
    found = verify(config)
    assert found.exit_code == 1
    assert "audit entry" in found.stderr


def test_a_database_that_goes_away_is_not_taken_for_a_changed_record(
    app: Flask, engine: str, published: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine == "sqlite":
        pytest.skip("a file does not go away")
    for before in ("_kept_marks", "_pieces", "_end", "_strays", "ask"):
        honest = getattr(verifying, before)

        def go_away(*given: object, honest: Callable[..., object] = honest) -> object:
            pid = db.session.scalar(text("SELECT pg_backend_pid()"))
            run(app, "SELECT pg_terminate_backend(:pid)", pid=pid)
            return honest(*given)

        with app.app_context(), monkeypatch.context() as patch:
            patch.setattr(verifying, before, go_away)
            with pytest.raises(OperationalError):
                verifying.verify_record()
            db.session.rollback()
    with app.app_context():
        assert verifying.verify_record().broken_seq is None
