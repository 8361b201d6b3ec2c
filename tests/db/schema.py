"""What a database itself says of its tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, inspect

BOOKKEEPING = "alembic_version"
Facts = dict[str, Any]


def schema(engine: Engine) -> dict[str, Facts]:
    """What the database itself says of each table, in an order that does not matter."""
    inspector = inspect(engine)

    def column(facts: Facts) -> Facts:
        kept = {name: facts.get(name) for name in ("name", "nullable", "default")}
        return {**kept, "type": facts["type"].compile(engine.dialect)}

    def index(facts: Facts) -> Facts:
        told = {name: str(value) for name, value in facts.get("dialect_options", {}).items()}
        return {**facts, "dialect_options": told}

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
