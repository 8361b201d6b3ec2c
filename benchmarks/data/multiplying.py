"""A conversation held once through the services, and laid down again and again.

A hundred thousand comments through the services take a quarter of an hour. So one cycle is held
through them, and what it left in each table is put in again: rows with new keys and ids, later,
those they refer to shifted with them; counters go on as they went. The record is chained on.
`tests/project/test_benchmarks.py` holds the result against cycles that were all held.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import Column, Table, insert, select, update

from policyforum.audit.models import AuditEntry, AuditHead, AuditSalt
from policyforum.audit.record import Event, append_noted, facts_of, record
from policyforum.commenting.models import Comment, Thread
from policyforum.commenting.passages import Passage, quote_words
from policyforum.db.base import Base, random_id
from policyforum.db.session import db

Row = dict[str, Any]
Key = tuple[Any, ...]
Rows = Mapping[str, Mapping[Key, Row]]
"""By table and primary key."""

PUBLIC_ID = re.compile(r"(?<![\w-])[\w-]{20}(?![\w-])")
RECORD = (AuditEntry.__tablename__, AuditHead.__tablename__, AuditSalt.__tablename__)
BATCH = 2_000


def look() -> Rows:
    """Everything in the database."""
    append_noted()
    db.session.flush()
    return {name: _rows_of(table) for name, table in Base.metadata.tables.items()}


def multiply(before: Rows, times: int, every: timedelta) -> None:
    """Lay down what came since `before` until it is there `times`, one cycle `every` so long."""
    cycle = _Cycle(before, look())
    listeners = current_app.extensions["policyforum.listeners"]
    current_app.extensions["policyforum.listeners"] = {}
    for turn in range(1, times):
        cycle.lay_down(turn, turn * every)
    current_app.extensions["policyforum.listeners"] = listeners
    cycle.count_on(times)
    db.session.expire_all()


class _Cycle:
    """What one cycle left: new rows to be put in again, and rows it counted in."""

    def __init__(self, before: Rows, after: Rows) -> None:
        self._before = before
        self._new = {
            name: [row for key, row in rows.items() if key not in before[name]]
            for name, rows in after.items()
            if name not in RECORD
        }
        self._lengths = {name: len(rows) for name, rows in self._new.items()}
        self._firsts = {
            name: min(row["id"] for row in rows)
            for name, rows in self._new.items()
            if rows and "id" in rows[0]
        }
        self._changed = {
            name: [row for key, row in rows.items() if before[name].get(key, row) != row]
            for name, rows in after.items()
            if name not in RECORD
        }
        self._record = _Record(before, self._new)

    def lay_down(self, turn: int, later: timedelta) -> None:
        threads = turn * self._lengths[Thread.__tablename__]
        copies = {
            table: [self._shifted(table, row, turn, later) for row in self._new[table.name]]
            for table in Base.metadata.sorted_tables
            if self._new.get(table.name) and not self._is_counter(table)
        }
        ids = {
            row["public_id"]: copy["public_id"]
            for table, rows in copies.items()
            for row, copy in zip(self._new[table.name], rows, strict=True)
            if "public_id" in copy
        }
        for table, rows in copies.items():
            _insert(table, [_told_anew(row, ids, threads) for row in rows])
        self._record.lay_down(later, ids, threads)

    def count_on(self, times: int) -> None:
        """Let counters go on as they went in the one cycle."""
        for name in self._new:
            table = Base.metadata.tables[name]
            counted = self._changed[name] + (self._new[name] if self._is_counter(table) else [])
            for row in counted:
                old = self._before[name].get(_key_of(table, row), {})
                values = {
                    column.name: (old.get(column.name) or 0)
                    + times * (row[column.name] - (old.get(column.name) or 0))
                    for column in table.columns
                    if type(row[column.name]) is int and not _is_reference(column)
                }
                _update(table, row, values)

    def _is_counter(self, table: Table) -> bool:
        """Whether a cycle's rows are the same ones again: none of their keys is new with it."""
        return not any(self._moves(column) for column in table.primary_key.columns)

    def _moves(self, column: Column[Any]) -> bool:
        target = _target_of(column)
        return target in self._firsts

    def _shifted(self, table: Table, row: Row, turn: int, later: timedelta) -> Row:
        copy = dict(row)
        for column in table.columns:
            value, target = row[column.name], _target_of(column)
            if value is None:
                continue
            if target in self._firsts and value >= self._firsts[target]:
                copy[column.name] = value + turn * self._lengths[target]
            elif isinstance(value, datetime):
                copy[column.name] = value + later
        if table.name == Thread.__tablename__:
            copy["number"] += turn * self._lengths[table.name]
        if "public_id" in copy:
            copy["public_id"] = random_id()
        if "email" in copy:
            copy["email"] = f"{turn}-{row['email']}"
        if "message_id" in copy:
            copy["message_id"] = f"<{secrets.token_urlsafe(18)}@{row['message_id'].split('@')[1]}"
        return copy


class _Record:
    """The cycle's entries, chained on and on: recorded as the services do, but told to nobody."""

    def __init__(self, before: Rows, new: Mapping[str, Sequence[Row]]) -> None:
        first = len(before[AuditEntry.__tablename__]) + 1
        self._words = _words(new)
        self._entries = db.session.scalars(
            select(AuditEntry).where(AuditEntry.seq >= first).order_by(AuditEntry.seq)
        ).all()

    def lay_down(self, later: timedelta, ids: Mapping[str, str], threads: int) -> None:
        for entry in self._entries:
            facts = _told_anew(facts_of(entry), ids, threads)
            record(
                Event(
                    entry.verb,
                    entry.actor_id,
                    entry.at + later,
                    _with_ids(entry.subject, ids),
                    entry.policy,
                    {k: v for k, v in facts.items() if not k.endswith("_commitment")},
                    {
                        name: self._words[entry.subject, name]
                        for name in _committed(facts)
                        if (entry.subject, name) in self._words
                    },
                )
            )
        append_noted()


def _words(new: Mapping[str, Sequence[Row]]) -> dict[tuple[str, str], str]:
    """What was said, its HTML and what it quotes, by the id of the comment, or of its thread."""
    threads = {row["id"]: row["public_id"] for row in new[Thread.__tablename__]}
    words = {}
    for row in new[Comment.__tablename__]:
        for name in ("body", "html"):
            words[row["public_id"], name] = row[name]
            if row["parent_id"] is None:
                words[threads[row["thread_id"]], name] = row[name]
    for row in new[Thread.__tablename__]:
        quote = quote_words(
            Passage(
                exact=row["quote_exact"],
                prefix=row["quote_prefix"],
                suffix=row["quote_suffix"],
                start=row["quote_start"],
                end=row["quote_end"],
            )
        )
        words[row["public_id"], "quote"] = quote or ""
    return words


def _committed(facts: Mapping[str, Any]) -> list[str]:
    return [name.removesuffix("_commitment") for name in facts if name.endswith("_commitment")]


def _told_anew(row: Mapping[str, Any], ids: Mapping[str, str], threads: int) -> Row:
    """The row with the ids of this turn, and the numbers of its threads where they are told."""
    copy = dict(row)
    for name, value in row.items():
        if isinstance(value, str):
            copy[name] = _with_ids(value, ids)
        elif isinstance(value, dict):
            copy[name] = _told_anew(value, ids, threads)
    if "thread_id" not in row and type(row.get("number")) is int and "policy_id" not in row:
        copy["number"] = row["number"] + threads
    if "message_id" in row:
        for name in ("subject", "body"):
            copy[name] = re.sub(
                r"(?<=nomor )\d+", lambda found: str(int(found.group()) + threads), copy[name]
            )
    return copy


def _with_ids(text: str, ids: Mapping[str, str]) -> str:
    return PUBLIC_ID.sub(lambda found: ids.get(found.group(), found.group()), text)


def _rows_of(table: Table) -> dict[Key, Row]:
    keys = list(table.primary_key.columns)
    found = db.session.execute(select(table).order_by(*keys)).mappings()
    rows = [dict(row) for row in found]
    return {_key_of(table, row): row for row in rows}


def _key_of(table: Table, row: Row) -> Key:
    return tuple(row[column.name] for column in table.primary_key.columns)


def _target_of(column: Column[Any]) -> str:
    """The table whose `id` the column holds; "" for any other column."""
    if column.name == "id" and column.primary_key:
        return column.table.name
    return next((key.column.table.name for key in column.foreign_keys), "")


def _is_reference(column: Column[Any]) -> bool:
    return bool(column.primary_key or column.foreign_keys)


def _insert(table: Table, rows: Sequence[Row]) -> None:
    for start in range(0, len(rows), BATCH):
        db.session.execute(insert(table), rows[start : start + BATCH])


def _update(table: Table, row: Row, values: Row) -> None:
    if values:
        where = [column == row[column.name] for column in table.primary_key.columns]
        db.session.execute(update(table).where(*where).values(values))
