"""What the check said of every change to the record (F15)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from flask import current_app

from policyforum.audit.chain import Mark, Verdict
from policyforum.audit.models import AuditEntry, AuditHead, AuditSalt, AuditTreeHead
from policyforum.audit.verifying import verify_record
from policyforum.db.session import db
from trials.trial import Outcome

TABLES = (AuditEntry, AuditHead, AuditSalt, AuditTreeHead)
LONGEST = 10.0  # seconds for a long record
NAMED = 0.99


@dataclass
class Seen:
    changes: int = 0
    refused: int = 0
    """By the database itself: no such text can be kept."""
    missed: list[str] = field(default_factory=list)
    misnamed: list[str] = field(default_factory=list)
    clean: int = 0
    alarms: int = 0
    long: str = ""
    took: float = 0.0

    def judge(self, verdict: Verdict, what: str, seqs: Sequence[int] = ()) -> None:
        """`seqs`: the entries any of which is rightly named; none given: any."""
        self.changes += 1
        if verdict.broken_seq is None:
            self.missed.append(what)
        elif seqs and verdict.broken_seq not in seqs:
            self.misnamed.append(f"{what}: {verdict.broken_seq}")


def verdict(held: Sequence[Mark] = (), told: Any = None) -> Verdict:
    """What the check an operator runs says now; `told`: the only witnesses it asks."""
    extensions = current_app.extensions
    name = "policyforum.witnesses"
    asked = extensions[name] if told is None else told
    with patch.dict(extensions, {name: asked}):
        said = verify_record(held)
    db.session.rollback()
    return said


def outcome(seen: Seen) -> Outcome:
    found = seen.changes - len(seen.missed)
    named = found - len(seen.misnamed)
    share = named / found if found else 0.0
    figure = (
        f"{seen.changes} changes ({seen.refused} more refused by the database): {found} found, "
        f"{share:.2%} named; {seen.alarms} alarms in {seen.clean} clean checks while people write"
        f"{seen.long}"
    )
    first = "".join(f"; {one}" for one in [*seen.missed[:1], *seen.misnamed[:1]])
    holds = not seen.missed and share >= NAMED and not seen.alarms and seen.took <= LONGEST
    return Outcome(f"{figure}{first}"[:500], holds and seen.changes > 0)
