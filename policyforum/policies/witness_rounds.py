"""What the tables of rounds hold now for entries of the audit record."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import select

from policyforum.accounts.models import Account
from policyforum.audit.chain import Entry
from policyforum.audit.witnesses import Amiss, Told, untold
from policyforum.db.session import db
from policyforum.policies.models import Policy, Revision, Round, RoundChange


def of_settings(entries: Sequence[Entry]) -> Iterator[Told]:
    rounds = _rounds(entries)
    for entry in entries:
        if (row := rounds.get(entry.subject)) is None:
            continue
        facts = json.loads(entry.facts)
        yield entry.seq, "policy", row.policy
        yield entry.seq, "revision", row.revision
        yield entry.seq, "round", row.Round.number
        yield entry.seq, "audience", row.Round.audience
        for name in ("opens_at", "closes_at"):
            moment: datetime = getattr(row.Round, name)
            written = facts.get(name, "")
            same = bool(written) and datetime.fromisoformat(written) == moment
            yield entry.seq, name, written if same else moment.isoformat()


def of_openings(entries: Sequence[Entry]) -> Iterator[Told]:
    rounds = _rounds(entries)
    for entry in entries:
        if (row := rounds.get(entry.subject)) is not None:
            yield entry.seq, "actor", row.account
            yield entry.seq, "moment", row.Round.created_at


def of_changes(entries: Sequence[Entry]) -> Iterator[Told]:
    rows = db.session.execute(
        select(Round.public_id, RoundChange, Account.public_id)
        .join(Round, Round.id == RoundChange.round_id)
        .join(Account, Account.id == RoundChange.by_id)
        .where(Round.public_id.in_({entry.subject for entry in entries}))
    )
    changes = defaultdict(list)
    for consultation, change, account in rows:
        changes[consultation, change.at].append((change.closes_after, account))
    for entry in entries:
        closes_at = datetime.fromisoformat(json.loads(entry.facts)["closes_at"])
        for closes_after, account in changes[entry.subject, entry.at]:
            if closes_after == closes_at:
                yield entry.seq, "actor", account


def of_ends(entries: Sequence[Entry]) -> Iterator[Told]:
    rounds = _rounds(entries)
    for entry in entries:
        row = rounds.get(entry.subject)
        if row is not None and row.Round.concluded_at is not None:
            yield entry.seq, "moment", row.Round.concluded_at
            yield entry.seq, "round", row.Round.number
            yield entry.seq, "threads", row.Round.threads


def _rounds(entries: Sequence[Entry]) -> dict[str, Any]:
    rows = db.session.execute(
        select(
            Round,
            Revision.number.label("revision"),
            Policy.public_id.label("policy"),
            Account.public_id.label("account"),
        )
        .join(Revision, Revision.id == Round.revision_id)
        .join(Policy, Policy.id == Round.policy_id)
        .join(Account, Account.id == Round.created_by_id)
        .where(Round.public_id.in_({entry.subject for entry in entries}))
    )
    return {row.Round.public_id: row for row in rows}


def amiss() -> Iterable[Amiss]:
    ids = select(Round.public_id)
    changes = select(Round.public_id, RoundChange.at).join(Round, Round.id == RoundChange.round_id)
    return chain(
        untold("rounds", ids, "round.opened"),
        untold(
            "rounds.concluded_at", ids.where(Round.concluded_at.is_not(None)), "round.concluded"
        ),
        untold("round_changes", changes, "round.changed"),
    )
