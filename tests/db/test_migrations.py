"""From an empty database, the migrations lead to what the models say, on either engine."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import Engine, create_engine, inspect

from policyforum.db.engine import engine_options
from policyforum.db.session import db

BOOKKEEPING = "alembic_version"
Facts = dict[str, Any]


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


def schema(engine: Engine) -> dict[str, Facts]:
    """What the database itself says of each table, in an order that does not matter."""
    inspector = inspect(engine)

    def column(facts: Facts) -> Facts:
        kept = {name: facts.get(name) for name in ("name", "nullable", "default")}
        return {**kept, "type": facts["type"].compile(engine.dialect)}

    def index(facts: Facts) -> Facts:
        options = facts.get("dialect_options", {})
        return {**facts, "dialect_options": {name: str(told) for name, told in options.items()}}

    readers: dict[str, Callable[[str], Any]] = {
        "columns": lambda table: [column(dict(c)) for c in inspector.get_columns(table)],
        "primary key": inspector.get_pk_constraint,
        "foreign keys": inspector.get_foreign_keys,
        "unique": inspector.get_unique_constraints,
        "checks": inspector.get_check_constraints,
        "indexes": lambda table: [index(dict(i)) for i in inspector.get_indexes(table)],
    }
    tables = [name for name in inspector.get_table_names() if name != BOOKKEEPING]
    return {
        table: {name: ordered(read(table)) for name, read in readers.items()} for table in tables
    }


def ordered(facts: Any) -> Any:
    return sorted(facts, key=repr) if isinstance(facts, list) else facts
