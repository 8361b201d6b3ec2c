"""From an empty database, the migrations lead to what the models say, on either engine."""

from flask import Flask
from sqlalchemy import create_engine

from policyforum.db.engine import engine_options
from policyforum.db.session import db
from tests.db.schema import schema


def test_migrations_equal_the_models(app: Flask, blank_database_url: str) -> None:
    with app.app_context():
        migrated = schema(db.engine)
        by_models = create_engine(blank_database_url, **engine_options(blank_database_url))
        db.metadata.create_all(by_models)
        modelled = schema(by_models)
        by_models.dispose()
    assert set(migrated) == set(modelled)
    for table in modelled:
        assert migrated[table] == modelled[table], table
