"""Values of the record, and of what it tells of, changed one at a time (F15)."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import LargeBinary, String, Text, cast, literal, select, type_coerce, update
from sqlalchemy.exc import SQLAlchemyError

from policyforum.audit.models import AuditEntry, AuditHead, AuditSalt
from policyforum.db.base import UtcDateTime
from policyforum.db.session import db
from policyforum.decisions.models import OUTCOMES as DECISIONS
from trials.record.checking import TABLES, Seen, verdict

TOLD: Mapping[str, tuple[str, ...]] = {
    "comments": ("body",),
    "comment_versions": ("body",),
    "threads": ("suggestion", "number"),
    "revisions": ("source", "source_hash", "change_note"),
    "revision_sections": ("text", "hash"),
    "feedback_items": ("summary", "number"),
    "dispositions": ("outcome", "reason"),
    "answers": ("body",),
    "recommendations": ("text",),
    "decisions": ("outcome", "reason"),
    "rounds": ("closes_at", "audience"),
    "role_grants": ("role",),
}
"""Columns that entries tell of, or commit to."""


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


def flip_what_it_tells_of(seen: Seen, every: int) -> None:
    """Some bits of each value that entries tell of or commit to."""
    chance = random.Random(16)
    for name, columns in TOLD.items():
        table = db.metadata.tables[name]
        key = next(iter(table.primary_key.columns))
        for row in _rows(table):
            for column in columns:
                value = row[column]
                for changed in _others(
                    table.columns[column], value, chance, 5 if every == 1 else 1
                ):
                    if _try(seen, table, key == row[key.name], column, changed):
                        what = f"{name}.{column} {value!r} → {changed!r}"
                        seen.judge(verdict(), what)
                        _put(table, key == row[key.name], column, value)


def _others(column: Any, value: Any, chance: random.Random, most: int) -> list[Any]:
    """Values that the column takes as well."""
    match column.name:
        case "outcome" if value in DECISIONS:
            return [one for one in DECISIONS if one != value]
        case "outcome":
            return ["accepted", "deferred"]
        case "audience":
            return ["staff"]
        case "role":
            return ["admin"]
        case "closes_at":
            return (
                [str(value).replace("20", "21", 1)]
                if isinstance(value, str)
                else [value + timedelta(days=1)]
            )
        case "number":
            return [value + 100]
    if value is None or value == "":
        return ["Disisipkan."] if column.name != "suggestion" else []
    if isinstance(value, bytes):
        flips = list(_flips(value, chance, every=1))
    else:
        places = [place for place, letter in enumerate(value) if letter.isascii()]
        flips = [
            value[:place] + chr(ord(value[place]) ^ 1) + value[place + 1 :] for place in places
        ]
    return chance.sample(flips, min(most, len(flips)))
