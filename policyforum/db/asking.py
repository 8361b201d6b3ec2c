"""Questions that nearly every request asks, carried out on the driver itself.

Most answers are kept pages: what they cost is who asks and what has changed, and of that four
fifths would be the way through session and engine (decision 16).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from flask import Flask, current_app
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Dialect,
    Engine,
    Select,
    event,
    literal_column,
)

from policyforum.db.session import db

EXTENSION = "policyforum.asking"

Query = Select[Any] | CompoundSelect[Any]
Row = tuple[Any, ...]


def so_many(number: int) -> ColumnElement[int]:
    """A limit in the words themselves: SQLite plans a statement anew whose limit is a parameter."""
    return literal_column(str(number))


class Question:
    """A query put into the database's words once; it may not have lists among its parameters."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self._wordings: dict[str, _Wording] = {}

    def rows(self, given: Mapping[str, Any]) -> Sequence[Row]:
        """All rows for these parameters.

        Within a transaction that is under way it sees what that has flushed; otherwise it stands
        alone.
        """
        if not (db.session.registry.has() and db.session().in_transaction()):
            own: OwnConnections = current_app.extensions[EXTENSION]
            connection = own.take()
            try:
                rows = self._asked(connection, given)
            except BaseException as error:
                own.drop(connection)
                # It broke since it was last used: the session has its ways.
                if not isinstance(error, connection.dialect.loaded_dbapi.Error):
                    raise
            else:
                own.give_back(connection)
                return rows
        return [tuple(row) for row in db.session.connection().execute(self._query, given)]

    def row(self, given: Mapping[str, Any]) -> Row | None:
        """The only row for these parameters, if there is one."""
        rows = self.rows(given)
        if len(rows) > 1:
            raise LookupError("one row was asked for, and there are several")
        return rows[0] if rows else None

    def _asked(self, connection: Connection, given: Mapping[str, Any]) -> Sequence[Row]:
        dialect = connection.dialect
        wording = self._wordings.get(dialect.name)
        if wording is None:
            wording = self._wordings[dialect.name] = _Wording(self._query, dialect)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(wording.text, wording.parameters(given))
            return wording.understood(cursor.fetchall())
        finally:
            cursor.close()


class _Wording:
    """A query as one kind of database is asked it, and how values go there and come back."""

    def __init__(self, query: Query, dialect: Dialect) -> None:
        compiled = query.compile(dialect=dialect)
        self.text = str(compiled)
        self._order = compiled.positiontup
        self._fixed = dict(compiled.params)
        self._there = {
            name: process
            for parameter, name in compiled.bind_names.items()
            if (process := parameter.type.dialect_impl(dialect).bind_processor(dialect))
        }
        self._back = [
            (place, process)
            for place, column in enumerate(query.selected_columns)
            if (process := column.type.dialect_impl(dialect).result_processor(dialect, None))
        ]

    def parameters(self, given: Mapping[str, Any]) -> Sequence[Any] | Mapping[str, Any]:
        values = {**self._fixed, **given}
        for name, process in self._there.items():
            values[name] = process(values[name])
        return [values[name] for name in self._order] if self._order is not None else values

    def understood(self, rows: Sequence[Row]) -> Sequence[Row]:
        return [self._as_values(row) for row in rows] if self._back else rows

    def _as_values(self, row: Row) -> Row:
        values = list(row)
        for place, process in self._back:
            values[place] = process(values[place])
        return tuple(values)


class OwnConnections:
    """The connections that questions are asked on, in autocommit: as many as are asked at once.

    Not taken from the engine's pool: that would ask the database each time whether it is there. Nor
    kept by each thread for itself: the server ends threads that idle, and a connection that ends
    with such a thread takes the process along.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._free: deque[Connection] = deque()

    def take(self) -> Connection:
        """One for this thread alone; raises `OperationalError` of SQLAlchemy if there is none."""
        try:
            return self._free.pop()
        except IndexError:
            return self._engine.connect()

    def give_back(self, connection: Connection) -> None:
        """It may be asked on again."""
        self._free.append(connection)

    def drop(self, connection: Connection) -> None:
        """It broke."""
        connection.invalidate()
        connection.close()

    def close_all(self) -> None:
        """Those that nobody asks on now."""
        with suppress(IndexError):  # others take from it, too
            while True:
                self.drop(self._free.pop())


def register(app: Flask, engine: Engine) -> None:
    """Let questions be asked, by connections of `engine`; within the application's context."""
    own = OwnConnections(engine)
    app.extensions[EXTENSION] = own
    event.listen(db.engine, "engine_disposed", lambda _engine: own.close_all())
