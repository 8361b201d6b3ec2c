"""What the table of endorsements holds now for entries of the audit record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import func, select

from policyforum.accounts.models import Account
from policyforum.audit.chain import Entry
from policyforum.audit.models import AuditEntry
from policyforum.audit.witnesses import Amiss, Told, untold
from policyforum.commenting.models import Endorsement, Thread, Voice
from policyforum.db.session import db

VERB = "thread.endorsed"
Whose = tuple[str, str]
"""A thread and an account, by their public ids."""

_NONE = (None, None)


def of_endorsements(entries: Sequence[Entry]) -> Iterator[Told]:
    """Of one person's stances on a thread, the table holds only what the last says."""
    given = _given({entry.subject for entry in entries})
    unlike = [entry for entry in entries if given.get(_whose(entry), _NONE)[0] != entry.at]
    last = _last(unlike)
    for entry in entries:
        at, stance = given.get(_whose(entry), _NONE)
        if last.get(_whose(entry), entry.seq) != entry.seq and at != entry.at:
            at, stance = entry.at, json.loads(entry.facts)["stance"]
        yield entry.seq, "stance", stance
        yield entry.seq, "moment", at or entry.at


def _given(threads: set[str]) -> dict[Whose, tuple[datetime | None, str | None]]:
    rows = db.session.execute(
        select(Thread.public_id, Account.public_id, Endorsement.at, Endorsement.stance)
        .join(Thread, Thread.id == Endorsement.thread_id)
        .join(Voice, Voice.id == Endorsement.voice_id)
        .outerjoin(Account, Account.id == Voice.account_id)
        .where(Thread.public_id.in_(threads))
    )
    return {(thread, account): (at, stance) for thread, account, at, stance in rows}


def _last(entries: Sequence[Entry]) -> dict[Whose, int]:
    """The last entry about each stance; order is by number, since clocks may differ."""
    if not entries:
        return {}
    rows = db.session.execute(
        select(AuditEntry.subject, AuditEntry.actor_id, func.max(AuditEntry.seq))
        .where(
            AuditEntry.verb == VERB, AuditEntry.subject.in_({entry.subject for entry in entries})
        )
        .group_by(AuditEntry.subject, AuditEntry.actor_id)
    )
    return {(thread, account): seq for thread, account, seq in rows}


def _whose(entry: Entry) -> Whose:
    return entry.subject, entry.actor_id


def amiss() -> Iterable[Amiss]:
    pressed = select(Thread.public_id, Endorsement.at).join(
        Thread, Thread.id == Endorsement.thread_id
    )
    return untold("endorsements", pressed, VERB)
