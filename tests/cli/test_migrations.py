"""Migrations are kept whole: all of an upgrade, or nothing of it."""

from __future__ import annotations

from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy as sa

from policyforum.app import create_app
from policyforum.db.session import db
from tests.conftest import make_config


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
