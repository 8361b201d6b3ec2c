"""The hash chain: how an entry is hashed, and how the whole record is checked.

An entry's hash is the RFC 9162 (2.1.1) leaf hash of its canonical JSON, which contains the hash of
the entry before it. Whoever changes an entry must change every later one; heads held elsewhere
then tell.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

EMPTY_HASH = "0" * 64


class Entry(Protocol):
    seq: Any
    at: Any
    actor_id: Any
    verb: Any
    subject: Any
    policy: Any
    facts: Any
    prev_hash: Any
    hash: Any


@dataclass(frozen=True, slots=True)
class Verdict:
    """`count` entries fit; `broken_seq` is the first that does not (None: all fit)."""

    count: int
    broken_seq: int | None = None
    problem: str = ""


def canonical_json(value: Any) -> str:
    """JSON with one spelling: sorted keys, no blanks, ASCII only."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def entry_hash(entry: Entry) -> str:
    """The hash that `entry` must carry, from everything else in it."""
    content = canonical_json(
        {
            "seq": entry.seq,
            "at": timestamp(entry.at),
            "actor": entry.actor_id,
            "verb": entry.verb,
            "subject": entry.subject,
            "policy": entry.policy,
            "facts": entry.facts,
            "prev_hash": entry.prev_hash,
        }
    )
    return hashlib.sha256(b"\x00" + content.encode("ascii")).hexdigest()


def timestamp(at: datetime) -> str:
    """RFC 3339 in UTC to the microsecond, always the same length."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def verify(entries: Iterable[Entry], head_seq: int, head_hash: str) -> Verdict:
    """Check entries in order of seq against each other and against the head."""
    seq, last = 0, EMPTY_HASH
    for entry in entries:
        if entry.seq != seq + 1:
            return Verdict(seq, seq + 1, "missing")
        if entry.prev_hash != last:
            return Verdict(seq, entry.seq, "does not follow the entry before it")
        if entry.hash != entry_hash(entry):
            return Verdict(seq, entry.seq, "was changed")
        seq, last = entry.seq, entry.hash
    if seq < head_seq:
        return Verdict(seq, seq + 1, "missing")
    if (seq, last) != (head_seq, head_hash):
        return Verdict(seq, max(seq, 1), "does not match the head of the record")
    return Verdict(seq)
