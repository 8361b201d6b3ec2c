"""What the fixtures promise: both engines, and a database of its own for every test."""

import pytest
from flask import Flask
from sqlalchemy import inspect, text

from policyforum.db.session import db, transaction


@pytest.mark.parametrize("time", [1, 2])
def test_every_test_has_a_database_of_its_own(app: Flask, engine: str, time: int) -> None:
    with app.app_context():
        assert db.engine.dialect.name == engine
        assert not inspect(db.engine).has_table("left_behind")
        with transaction():
            db.session.execute(text("CREATE TABLE left_behind (word TEXT)"))
        assert inspect(db.engine).has_table("left_behind")


def test_it_is_migrated(app: Flask) -> None:
    with app.app_context():
        assert set(db.metadata.tables) <= set(inspect(db.engine).get_table_names())


def test_a_blank_one_has_no_table(blank_database_url: str, engine: str) -> None:
    assert blank_database_url.startswith(engine)


@pytest.mark.one_engine
def test_some_need_one_engine_only(engine: str) -> None:
    assert engine == "sqlite"
