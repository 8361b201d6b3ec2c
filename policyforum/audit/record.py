"""`record(event)`: write down what happened, then tell those who listen, in one transaction."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select

from policyforum.audit.chain import EMPTY_HASH, canonical_json, entry_hash
from policyforum.audit.models import AuditEntry, AuditHead, AuditSalt
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
Listeners = Mapping[str, Sequence[Listener]]


def record(event: Event) -> AuditEntry:
    """Append the event to the chain and call its listeners (see `wiring.py`)."""
    entry = _append(event)
    for listener in current_app.extensions["policyforum.listeners"].get(event.verb, ()):
        listener(event)
    return entry


def _append(event: Event) -> AuditEntry:
    session = db.session
    head = session.scalars(
        select(AuditHead).where(AuditHead.id == HEAD_ID).with_for_update()
    ).one_or_none()
    if head is None:
        head = AuditHead(id=HEAD_ID, seq=0, hash=EMPTY_HASH)
        session.add(head)
    salts = {name: secrets.token_bytes(16) for name in event.texts}
    commitments = {name: commitment(salts[name], text) for name, text in event.texts.items()}
    facts = {**event.facts, **{f"{name}_commitment": c for name, c in commitments.items()}}
    entry = AuditEntry(
        seq=head.seq + 1,
        at=event.at,
        actor_id=event.actor_id,
        verb=event.verb,
        subject=event.subject,
        policy=event.policy,
        facts=canonical_json(facts),
        prev_hash=head.hash,
        hash="",
    )
    entry.hash = entry_hash(entry)
    head.seq, head.hash = entry.seq, entry.hash
    session.add(entry)
    session.flush()
    session.add_all(
        AuditSalt(commitment=commitments[name], seq=entry.seq, salt=salt)
        for name, salt in salts.items()
    )
    return entry


def commitment(salt: bytes, text: str) -> str:
    """SHA-256 of salt and text: binds us to the words without showing them."""
    return hashlib.sha256(salt + text.encode("utf-8")).hexdigest()


def facts_of(entry: AuditEntry) -> dict[str, Any]:
    """The facts of an entry as they were given, commitments added."""
    facts: dict[str, Any] = json.loads(entry.facts)
    return facts
