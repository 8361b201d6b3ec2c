"""Values of the record, and of what it tells of, changed one at a time (F15)."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Integer,
    LargeBinary,
    String,
    Text,
    and_,
    cast,
    literal,
    select,
    type_coerce,
    update,
)
from sqlalchemy.exc import SQLAlchemyError

from policyforum.audit.models import AuditEntry, AuditHead, AuditSalt
from policyforum.commenting.models import STANCES, THREAD_KINDS, THREAD_STATES, VOICE_KINDS
from policyforum.consolidation.models import OUTCOMES
from policyforum.db.base import UtcDateTime
from policyforum.db.session import db
from policyforum.decisions.models import OUTCOMES as DECISIONS
from policyforum.organisation.models import ROLES
from policyforum.policies.models import KINDS, VISIBILITIES
from trials.record.checking import TABLES, Seen, verdict
from trials.record.columns import TOLD

CHOICES: Mapping[str, Sequence[str]] = {
    "audience": VISIBILITIES,
    "decision_outcome": DECISIONS,
    "decisions.outcome": DECISIONS,
    "outcome": OUTCOMES,
    "policies.kind": KINDS,
    "role": ROLES,
    "stance": STANCES,
    "state": THREAD_STATES,
    "threads.kind": THREAD_KINDS,
    "visibility": VISIBILITIES,
    "voices.kind": VOICE_KINDS,
}
"""What columns are limited to, by name, with the table's before it where names are shared."""

WHETHER = ("closed_at", "settled_at")
"""Moments of which only whether there is one means something."""


def flip_record(seen: Seen, every: int) -> None:
    """A bit in each byte (in short: in some bytes) of each column of the record's own tables."""
    chance = random.Random(15)
    for model in TABLES:
        table: Any = model.__table__
        key: Any = next(iter(table.primary_key.columns))
        for row in _rows(table):
            for column in table.columns:
                value = row[column.name]
                for changed in _flips(value, chance, every=every):
                    what = f"{table.name}.{column.name} {value!r} → {changed!r}"
                    same = key == row[key.name]
                    if _try(seen, table, same, column.name, changed):
                        # What entries tell of is tried apart: asking every table takes its time.
                        told: Any = {} if model in (AuditEntry, AuditHead) else None
                        seen.judge(verdict(told=told), what, _blamed(model, row, changed))
                        now = key == (_raw(changed, key) if column is key else row[key.name])
                        _put(table, now, column.name, value)


def _blamed(model: Any, row: Mapping[str, Any], changed: Any) -> list[int]:
    """Which entries may be named for a change of this row."""
    if model is AuditEntry:
        return [row["seq"]]
    if model is AuditSalt:
        return [row["seq"], *([changed] if isinstance(changed, int) else [])]
    return []


def _flips(value: Any, chance: random.Random, every: int) -> Iterator[Any]:
    """The value with one bit changed, once for each byte of it."""
    if isinstance(value, int):
        for bit in range(0, 31, every):
            yield value ^ (1 << bit)
    elif isinstance(value, datetime):
        for bit in range(0, 40, every):
            yield value + timedelta(microseconds=1 << bit)
    else:
        whole = value.encode("utf-8") if isinstance(value, str) else bytes(value)
        for place in range(chance.randrange(every), len(whole), every):
            flipped = bytearray(whole)
            flipped[place] ^= 1 << chance.randrange(8)
            yield (
                flipped.decode("utf-8", "surrogateescape")
                if isinstance(value, str)
                else bytes(flipped)
            )


def _try(seen: Seen, table: Any, where: Any, column: str, value: Any) -> bool:
    """Write it behind the application's back; whether the database took it."""
    try:
        _put(table, where, column, value)
    except (SQLAlchemyError, UnicodeError, ValueError):
        seen.refused += 1
        return False
    return True


def _put(table: Any, where: Any, column: str, value: Any) -> None:
    with db.engine.begin() as connection:
        kept = _raw(value, table.columns[column])
        done = connection.execute(update(table).where(where).values({column: kept}))
        if done.rowcount != 1:
            raise RuntimeError(f"{table.name}.{column} was not changed")


def _raw(value: Any, column: Any) -> Any:
    """For SQLite, which keeps any bytes as a text."""
    plain = isinstance(column.type, String | UtcDateTime)
    if isinstance(value, str) and plain and db.engine.dialect.name == "sqlite":
        return cast(literal(value.encode("utf-8", "surrogateescape"), LargeBinary), Text)
    return value


def _rows(table: Any) -> list[dict[str, Any]]:
    """As they are kept: SQLite's moments as the texts that they are."""
    columns = [
        type_coerce(column, String).label(column.name)
        if isinstance(column.type, UtcDateTime) and db.engine.dialect.name == "sqlite"
        else column
        for column in table.columns
    ]
    order = next(iter(table.primary_key.columns))
    with db.engine.connect() as connection:
        found = connection.execute(select(*columns).order_by(order)).mappings().all()
    return [dict(row) for row in found]


def flip_what_it_tells_of(seen: Seen, most: int) -> None:
    """At most so many other values in each column that entries answer for, in each of its rows.

    In short (`most` 1), in the first row that takes one.
    """
    chance = random.Random(16)
    for name, columns in TOLD.items():
        table = db.metadata.tables[name]
        rows = _rows(table)
        for column in columns:
            before = seen.changes
            for row in rows:
                tried = seen.changes
                for changed in _others(table.columns[column], row[column], chance):
                    if seen.changes - tried < most:
                        _change(seen, table, row, column, changed)
                if most == 1 and seen.changes > before:
                    break
            if seen.changes == before:
                seen.missed.append(f"{name}.{column}: nothing there to change")


def _change(seen: Seen, table: Any, row: Mapping[str, Any], column: str, value: Any) -> None:
    keys = list(table.primary_key.columns)
    same = and_(*(key == row[key.name] for key in keys))
    if not _try(seen, table, same, column, value):
        return
    seen.judge(verdict(), f"{table.name}.{column} {row[column]!r} → {value!r}")
    now = and_(*(key == (value if key.name == column else row[key.name]) for key in keys))
    _put(table, now, column, row[column])


def _others(column: Any, value: Any, chance: random.Random) -> list[Any]:
    """Values that the column may take as well and that mean something else, in any order."""
    name = f"{column.table.name}.{column.name}"
    choices = CHOICES.get(name, CHOICES.get(column.name, ()))
    if choices:
        others: list[Any] = [one for one in choices if one != value]
    elif column.foreign_keys:
        others = [one for one in _targets(column) if one != value]
    elif isinstance(column.type, UtcDateTime):
        others = [None if column.name in WHETHER and value is not None else _later(value)]
    elif isinstance(value, int | float):
        others = [value + 100]
    elif isinstance(value, dict):
        others = [{**value, "words": 1}]
    elif isinstance(column.type, Integer):
        others = [1]
    elif value is None or value == "":
        others = ["Disisipkan."]
    elif isinstance(value, bytes):
        others = list(_flips(value, chance, every=1))
    else:
        others = [
            value[:place] + chr(ord(letter) ^ 1) + value[place + 1 :]
            for place, letter in enumerate(value)
            if letter.isascii()
        ]
    return chance.sample(others, len(others))


def _targets(column: Any) -> list[Any]:
    """The rows it may lead to, and nowhere."""
    (key,) = column.foreign_keys
    with db.engine.connect() as connection:
        return [None, *connection.execute(select(key.column)).scalars()]


def _later(value: Any) -> Any:
    """A year later, as it is kept; this year where there was nothing."""
    if isinstance(value, str):
        return value.replace("20", "21", 1)
    moment = datetime(2026, 1, 1, tzinfo=UTC) if value is None else value + timedelta(days=365)
    if db.engine.dialect.name == "sqlite":
        return moment.strftime("%Y-%m-%d %H:%M:%S.%f")
    return moment
