"""`record(event)`: write down what happened, then tell those who listen, in one transaction."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.event import listens_for
from sqlalchemy.orm import Session, SessionTransaction

from policyforum.audit.chain import EMPTY_HASH, canonical_json, entry_hash
from policyforum.audit.models import AuditEntry, AuditHead, AuditSalt
from policyforum.db.base import table_of
from policyforum.db.session import db

HEAD_ID = 1


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    verb: `thing.past_participle`, e.g. `revision.published`. actor_id, subject, policy: public ids
    ("" when none). facts: ids, numbers and hashes, for ever in the record. texts: words that are
    only committed to (a salted hash goes into the record). row: what it happened to, for listeners;
    never recorded.
    """

    verb: str
    actor_id: str
    at: datetime
    subject: str
    policy: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    row: Any = None


Listener = Callable[[Event], None]


def record(event: Event) -> None:
    """Enter the event into the chain and call its listeners (see `wiring.py`).

    The entry is appended when the transaction ends, see `append_noted`.
    """
    db.session().info.setdefault(_NOTED, []).append(_noted(event))
    for listener in current_app.extensions["policyforum.listeners"].get(event.verb, ()):
        listener(event)


def append_noted() -> None:
    """Append what this transaction recorded so far.

    Called before every commit: whoever appends holds the head until their commit is on disk, so
    everything else is done first. Call it earlier only for what has to see its own entry.
    """
    noted: list[_Noted] = db.session().info.pop(_NOTED, [])
    if not noted:
        return
    db.session.flush()
    connection = db.session.connection()
    seq, last = _locked_head(connection)
    entries, salts = [], []
    for note in noted:
        seq += 1
        entry = _Entry(
            seq,
            note.at,
            note.actor_id,
            note.verb,
            note.subject,
            note.policy,
            note.facts,
            prev_hash=last,
        )
        last = entry.hash = entry_hash(entry)
        entries.append(vars(entry))
        salts += [{"commitment": c, "seq": seq, "salt": salt} for c, salt in note.salts]
    connection.execute(_ADD_ENTRY, entries)
    connection.execute(_MOVE_HEAD, {"new_seq": seq, "new_hash": last})
    if salts:
        connection.execute(_ADD_SALT, salts)


class _Noted(NamedTuple):
    """An event as it will be entered; `salts`: each commitment with what opens it."""

    at: datetime
    actor_id: str
    verb: str
    subject: str
    policy: str
    facts: str
    salts: Sequence[tuple[str, bytes]]


@dataclass
class _Entry:
    seq: int
    at: datetime
    actor_id: str
    verb: str
    subject: str
    policy: str
    facts: str
    prev_hash: str
    hash: str = ""


def _noted(event: Event) -> _Noted:
    facts, salts = dict(event.facts), []
    for name, text in event.texts.items():
        salt = secrets.token_bytes(16)
        facts[f"{name}_commitment"] = commitment(salt, text)
        salts.append((facts[f"{name}_commitment"], salt))
    return _Noted(
        event.at,
        event.actor_id,
        event.verb,
        event.subject,
        event.policy,
        canonical_json(facts),
        salts,
    )


def _locked_head(connection: Connection) -> tuple[int, str]:
    """Number and hash of the last entry; nobody else appends until this transaction ends."""
    head = connection.execute(_LOCK_HEAD).one_or_none()
    if head is None:
        connection.execute(insert(_HEAD), {"id": HEAD_ID, "seq": 0, "hash": EMPTY_HASH})
        return 0, EMPTY_HASH
    return head.seq, head.hash


@listens_for(db.session, "before_commit")
def _append_before_commit(session: Session) -> None:
    if not session.in_nested_transaction():  # a savepoint is not the end yet
        append_noted()


@listens_for(db.session, "after_soft_rollback")
def _forget(session: Session, previous: SessionTransaction) -> None:
    if not previous.nested:
        session.info.pop(_NOTED, None)


def commitment(salt: bytes, text: str) -> str:
    """SHA-256 of salt and text: binds us to the words without showing them."""
    return hashlib.sha256(salt + text.encode("utf-8")).hexdigest()


def facts_of(entry: AuditEntry) -> dict[str, Any]:
    """The facts of an entry as they were given, commitments added."""
    facts: dict[str, Any] = json.loads(entry.facts)
    return facts


_NOTED = "policyforum_noted"
"""Where a session keeps what its transaction has recorded and not appended yet."""

# Carried out with every change, so they are put together once.
_HEAD = table_of(AuditHead)
_LOCK_HEAD = select(_HEAD.c.seq, _HEAD.c.hash).where(_HEAD.c.id == HEAD_ID).with_for_update()
_MOVE_HEAD = (
    update(_HEAD)
    .where(_HEAD.c.id == HEAD_ID)
    .values(seq=bindparam("new_seq"), hash=bindparam("new_hash"))
)
_ADD_ENTRY = insert(table_of(AuditEntry))
_ADD_SALT = insert(table_of(AuditSalt))
