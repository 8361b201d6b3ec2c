"""Checking the whole record: the chain, the tree heads, and what the entries tell of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import current_app
from sqlalchemy import Select, String, select, type_coerce
from sqlalchemy.exc import DataError, DBAPIError, SQLAlchemyError

from policyforum.audit.chain import EMPTY_HASH, Chain, Mark, Verdict
from policyforum.audit.heads import head_if_whole, name_of
from policyforum.audit.models import AuditEntry, AuditHead, AuditTreeHead
from policyforum.audit.record import HEAD_ID
from policyforum.audit.witnesses import PIECE, Witnesses, ask, strays, unaccounted
from policyforum.db.session import db

MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}")
"""How SQLite keeps a moment; anything else was not written by this program."""

SQLITE_ERROR = 1
"""SQLite's code where a query can't be carried out on the tables and values that are there."""

GONE = frozenset({"42P01", "42703", "42883"})
"""PostgreSQL's states where a table or column is gone, or has become one of another type."""

COLUMNS = (
    AuditEntry.seq,
    # As it is kept: on SQLite a text, in which several spellings may mean one moment.
    type_coerce(AuditEntry.at, String),
    AuditEntry.actor_id,
    AuditEntry.verb,
    AuditEntry.subject,
    AuditEntry.policy,
    AuditEntry.facts,
    AuditEntry.prev_hash,
    AuditEntry.hash,
)


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as it was read."""

    seq: int
    at: datetime
    actor_id: str
    verb: str
    subject: str
    policy: str
    facts: str
    prev_hash: str
    hash: str


class _UnreadableError(Exception):
    """What is kept under this seq is no entry."""

    def __init__(self, seq: int) -> None:
        self.seq = seq


def verify_record(held: Sequence[Mark] = ()) -> Verdict:
    """Check everything, in pieces, so that the length of the record does not matter.

    `held`: heads that were kept elsewhere; those kept here are compared as well. What keeps it from
    being read is no sign of a change and is raised: `DBAPIError` (nobody answers, somebody holds
    a table, the file is damaged), `OSError`, `MemoryError`.
    """
    with _snapshot():
        return _verdict(held)


@contextmanager
def _snapshot() -> Iterator[None]:
    """All of it as it is at one moment, while others go on writing."""
    db.session.rollback()
    try:
        if db.engine.dialect.name == "postgresql":
            whole = db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            # It takes as long as it takes: whoever changes a table whole is waited for.
            whole.exec_driver_sql("SET LOCAL lock_timeout = 0")
        yield
    finally:
        db.session.rollback()


def _verdict(held: Sequence[Mark]) -> Verdict:
    witnesses = current_app.extensions["policyforum.witnesses"]
    unlike = None
    try:
        kept, changed = _kept_marks()
        if changed is not None:
            return Verdict(changed - 1, changed, "ends a tree head that was changed")
        chain = Chain(sorted([*held, *kept], key=lambda mark: mark.size))
        for rows in _pieces():
            for row in rows:
                if verdict := chain.follow(row):
                    return verdict
            unlike = unlike or _asked(witnesses, rows)
        verdict = chain.end(*_end())
        if verdict.broken_seq is None:  # only a whole record can say what is wrong with the rest
            return unlike or _strays(witnesses, verdict.count) or verdict
        return verdict
    except _UnreadableError as error:
        return Verdict(error.seq - 1, error.seq, "cannot be read: it was changed")


def _strays(witnesses: Witnesses, last: int) -> Verdict | None:
    """Salts of other entries, and what no entry accounts for."""
    try:
        if strays():
            return Verdict(last, last, "is the last, but there are salts of others")
        return unaccounted(witnesses)
    except Exception as error:
        _raise_unless_a_sign(error)
        return Verdict(last, last, "is the last, but there is something that cannot be read")


def _kept_marks() -> tuple[list[Mark], int | None]:
    """What the heads kept here say, and the size of the first that was changed (None: none)."""
    marks: list[Mark] = []
    kept = AuditTreeHead
    for size in _read_all(select(kept.size).order_by(kept.size), first=1):
        columns = select(type_coerce(kept.at, String), kept.note, kept.key, kept.peaks)
        try:
            at, note, key, peaks = db.session.execute(columns.where(kept.size == size)).one()
            row = AuditTreeHead(size=size, at=_moment(at), note=note, key=key, peaks=peaks)
            signed = head_if_whole(row)
        except (SQLAlchemyError, ValueError, TypeError) as error:
            _raise_unless_a_sign(error)
            signed = None
        if signed is None:
            return marks, size
        marks.append(Mark(size, signed.head.root, name_of(signed)))
    return marks, None


def _end() -> tuple[int, str]:
    """Where the head row says that the record ends."""
    try:
        end = db.session.get(AuditHead, HEAD_ID, populate_existing=True)
    except (SQLAlchemyError, ValueError) as error:
        _raise_unless_a_sign(error)
        return 0, ""
    return (end.seq, end.hash) if end else (0, EMPTY_HASH)


def _asked(witnesses: Witnesses, rows: Sequence[Row]) -> Verdict | None:
    """As `ask`; what can't even be read is found as well, whatever was put in its place."""
    try:
        with db.session.begin_nested():  # PostgreSQL answers nothing more after a query that failed
            return ask(witnesses, rows)
    except Exception as error:
        _raise_unless_a_sign(error)
        if len(rows) == 1:
            return Verdict(rows[0].seq - 1, rows[0].seq, "tells of something that cannot be read")
    return next((found for row in rows if (found := _asked(witnesses, [row]))), None)


def _pieces() -> Iterator[list[Row]]:
    after: int | None = None
    while True:
        query = select(*COLUMNS).order_by(AuditEntry.seq).limit(PIECE)
        if after is not None:
            query = query.where(AuditEntry.seq > after)
        try:
            with db.session.begin_nested():  # as in `_asked`
                rows = [_row(found) for found in db.session.execute(query)]
        except (SQLAlchemyError, ValueError) as error:
            _raise_unless_a_sign(error)
            rows = list(_one_by_one(after))
        if not rows:
            return
        yield rows
        after = rows[-1].seq


def _one_by_one(after: int | None) -> Iterator[Row]:
    """The next entries up to the one that can't be read; raises `_UnreadableError` for that."""
    places = select(AuditEntry.seq).order_by(AuditEntry.seq).limit(PIECE)
    if after is not None:
        places = places.where(AuditEntry.seq > after)
    for seq in _read_all(places, first=(after or 0) + 1):
        try:
            yield _row(db.session.execute(select(*COLUMNS).where(AuditEntry.seq == seq)).one())
        except (SQLAlchemyError, ValueError) as error:
            _raise_unless_a_sign(error)
            raise _UnreadableError(seq) from None


def _read_all(query: Select[int], first: int) -> Sequence[int]:
    """Every number asked for; when even that can't be read, the entry `first` is not there."""
    try:
        return db.session.scalars(query).all()
    except SQLAlchemyError as error:
        _raise_unless_a_sign(error)
        raise _UnreadableError(first) from None


def _raise_unless_a_sign(error: Exception) -> None:
    """Raise what does not come from what is kept, and so says nothing of the record."""
    if isinstance(error, MemoryError | OSError):
        raise error
    if isinstance(error, DBAPIError) and not _is_about_what_is_kept(error):
        raise error


def _is_about_what_is_kept(error: DBAPIError) -> bool:
    """Whether a query failed because of a value in its rows (a text or moment that is none, a sum
    too large), or because a table or column is not there."""
    if isinstance(error, DataError) or getattr(error.orig, "sqlstate", None) in GONE:
        return True
    # Of a text that is none only SQLite's driver complains, and that gives no code.
    from_sqlite = db.engine.dialect.name == "sqlite"
    return from_sqlite and getattr(error.orig, "sqlite_errorcode", None) in (None, SQLITE_ERROR)


def _row(found: Any) -> Row:
    seq, at, *rest = found
    if any(not isinstance(value, str) for value in rest):
        raise ValueError("a text of the record was replaced by something else")
    return Row(seq, _moment(at), *rest)


def _moment(at: Any) -> datetime:
    if isinstance(at, datetime):
        return at
    if not isinstance(at, str) or not MOMENT.fullmatch(at):
        raise ValueError("a moment of the record was not written by this program")
    return datetime.fromisoformat(at).replace(tzinfo=UTC)
