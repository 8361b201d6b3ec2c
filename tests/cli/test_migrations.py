"""Migrations are kept whole, wait for each other, and find data as earlier versions left it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy as sa
from flask import Flask

from policyforum.accounts.queries import account_by_email
from policyforum.app import create_app
from policyforum.audit.verifying import verify_record
from policyforum.db import engine as engines
from policyforum.db.session import db, transaction
from policyforum.organisation.actor import PROGRAM
from policyforum.organisation.models import Membership, Unit
from policyforum.organisation.people import assign_unit
from policyforum.organisation.queries import unit_by_code
from tests.conftest import make_config
from tests.engines import ENGINES
from tests.people import make_person, make_unit
from tests.waiting import held_until_waited_for

ADVISORY_LOCK = 0x706F6C6963790001
"""As migrations/env.py has it: another program that upgrades holds it."""


def test_a_failed_migration_leaves_nothing_behind(blank_database_url: str, tmp_path: Path) -> None:
    app = create_app(make_config(blank_database_url, tmp_path))
    with app.app_context():
        db.session.execute(sa.text("CREATE TABLE voices (id integer)"))
        db.session.commit()
        with pytest.raises(sa.exc.SQLAlchemyError):
            flask_migrate.upgrade()
        assert sa.inspect(db.engine).get_table_names() == ["voices"]
        db.session.remove()
        db.engine.dispose()


def test_an_upgrade_waits_for_another_however_long_it_takes(
    blank_database_url: str, engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine == ENGINES[0]:
        pytest.skip("upgrades of a SQLite file wait for each other as all writers do")
    monkeypatch.setitem(engines.POSTGRESQL_PATIENCE, "lock_timeout", "20ms")
    app = create_app(make_config(blank_database_url, tmp_path))
    with (
        app.app_context(),
        held_until_waited_for(
            blank_database_url, f"SELECT pg_advisory_lock({ADVISORY_LOCK})", longer=100
        ),
    ):
        flask_migrate.upgrade()
        db.engine.dispose()


def test_who_was_left_in_two_units_is_in_the_one_told_last(app: Flask) -> None:
    for code in ("DINKES", "DISDIK"):
        make_unit(app, code)
    make_person(app, "dadang@kota.example", "staff", unit="DINKES")
    with app.app_context():
        flask_migrate.downgrade(revision="0011")
        with transaction():
            account = account_by_email("dadang@kota.example")
            assert account is not None
            assign_unit(account, PROGRAM, unit_by_code("DISDIK"), "", datetime.now(UTC))
        with transaction():  # as two administrators left it who assigned them at one moment
            db.session.execute(sa.update(Membership).values(until=None))
        assert "memberships.until" in verify_record().problem
        db.session.remove()
        flask_migrate.upgrade()
        works = sa.select(Unit.code).join(Membership, Membership.unit_id == Unit.id)
        assert db.session.scalars(works.where(Membership.until.is_(None))).all() == ["DISDIK"]
        assert verify_record().broken_seq is None
