"""The hash chain: how an entry is hashed, and how the whole record is checked.

An entry's hash is the RFC 9162 (2.1.1) leaf hash of its canonical JSON, which contains the hash of
the entry before it. Whoever changes an entry must change every later one; heads held elsewhere
then tell.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from policyforum.audit.merkle import Frontier

EMPTY_HASH = "0" * 64


class Entry(Protocol):
    """An entry as the database or somebody else gives it."""

    @property
    def seq(self) -> Any: ...

    @property
    def at(self) -> Any: ...

    @property
    def actor_id(self) -> Any: ...

    @property
    def verb(self) -> Any: ...

    @property
    def subject(self) -> Any: ...

    @property
    def policy(self) -> Any: ...

    @property
    def facts(self) -> Any: ...

    @property
    def prev_hash(self) -> Any: ...

    @property
    def hash(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """`count` entries fit; `broken_seq` is the first that does not (None: all fit).

    `heads`: how many tree heads the record was compared with.
    """

    count: int
    broken_seq: int | None = None
    problem: str = ""
    heads: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """What the record must come to: this root (32 bytes) over its first `size` entries.

    `name` tells people which head says so.
    """

    size: int
    root: bytes
    name: str


def canonical_json(value: Any) -> str:
    """JSON with one spelling: sorted keys, no blanks, ASCII only."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def entry_hash(entry: Entry) -> str:
    """The hash that `entry` must carry, from everything else in it."""
    return hashlib.sha256(b"\x00" + content_of(entry).encode("ascii")).hexdigest()


def content_of(entry: Entry) -> str:
    """What is hashed of an entry: all that is in it but its hash."""
    return canonical_json(
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


def timestamp(at: datetime) -> str:
    """RFC 3339 in UTC to the microsecond, always the same length."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass(slots=True)
class Chain:
    """Follows entries in order of seq, each against the one before it and against the marks."""

    marks: Sequence[Mark] = ()
    """In order of size."""
    tree: Frontier = field(default_factory=Frontier)
    last: str = EMPTY_HASH
    confirmed: int = 0
    """How many entries the latest mark that fitted speaks for."""
    passed: int = 0
    """How many marks fitted."""

    def follow(self, entry: Entry) -> Verdict | None:
        """Take the next entry; → what is wrong with it, if anything is."""
        seq = self.tree.size
        if entry.seq != seq + 1:
            return Verdict(seq, seq + 1, "missing")
        if entry.prev_hash != self.last:
            return Verdict(seq, entry.seq, "does not follow the entry before it")
        if entry.hash != entry_hash(entry):
            return Verdict(seq, entry.seq, "was changed")
        self.last = entry.hash
        self.tree = self.tree.grown(bytes.fromhex(entry.hash))
        return self._compare()

    def end(self, head_seq: int, head_hash: str) -> Verdict:
        """What comes of it when no entry is left."""
        seq = self.tree.size
        if self.passed < len(self.marks):
            mark = self.marks[self.passed]
            return Verdict(seq, seq + 1, f"missing: {mark.name} speaks for {mark.size} entries")
        if seq < head_seq:
            return Verdict(seq, seq + 1, "missing")
        if (seq, self.last) != (head_seq, head_hash):
            return Verdict(seq, max(seq, 1), "does not match the head of the record")
        return Verdict(seq, heads=self.passed)

    def _compare(self) -> Verdict | None:
        while self.passed < len(self.marks) and self.marks[self.passed].size == self.tree.size:
            mark = self.marks[self.passed]
            if mark.root != self.tree.root:
                return Verdict(self.confirmed, self.confirmed + 1, self._contradiction(mark))
            self.confirmed, self.passed = mark.size, self.passed + 1
        return None

    def _contradiction(self, mark: Mark) -> str:
        later = f"or a later one up to {mark.size} " if self.confirmed + 1 < mark.size else ""
        return f"{later}was changed: {mark.name} speaks for other entries"
