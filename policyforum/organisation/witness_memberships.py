"""What the table of memberships holds now for entries of the audit record."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from sqlalchemy import func, literal, select

from policyforum.accounts.models import Account
from policyforum.audit.chain import Entry
from policyforum.audit.witnesses import Amiss, Told, untold
from policyforum.db.session import db
from policyforum.organisation.models import Association, Membership, Unit


class _Row(NamedTuple):
    """A membership; `of`: in a "unit" or an "association", `body`: in which."""

    of: str
    body: str
    since: datetime
    until: datetime | None


def of_changes(entries: Sequence[Entry]) -> Iterator[Told]:
    """A membership begins and ends at the moments of its entries."""
    rows = _rows(entries)
    for entry in entries:
        facts = json.loads(entry.facts)
        for of in facts.keys() & {"unit", "association"}:
            body = facts[of]
            if _holds(body, entry.at, [row for row in rows[entry.subject] if row.of == of]):
                yield entry.seq, of, body


def _holds(body: str | None, at: datetime, rows: Sequence[_Row]) -> bool:
    """Whether the membership that was told of began; for None, whether one ended, or none was."""
    if body is not None:
        return any((row.body, row.since) == (body, at) for row in rows)
    lasted = [row for row in rows if row.since < at and (row.until is None or row.until > at)]
    return not lasted or any(row.until == at for row in rows)


def _rows(entries: Sequence[Entry]) -> dict[str, list[_Row]]:
    found = db.session.execute(
        select(
            Account.public_id,
            Membership.since,
            Membership.until,
            Unit.public_id,
            Association.public_id,
        )
        .join(Account, Account.id == Membership.account_id)
        .outerjoin(Unit, Unit.id == Membership.unit_id)
        .outerjoin(Association, Association.id == Membership.association_id)
        .where(Account.public_id.in_({entry.subject.partition(":")[2] for entry in entries}))
    )
    rows = defaultdict(list)
    for account, since, until, unit, association in found:
        of, body = ("unit", unit) if unit else ("association", association)
        rows[f"account:{account}"].append(_Row(of, body, since, until))
    return rows


def of_none(_entries: Sequence[Entry]) -> Iterable[Told]:
    return ()


def amiss() -> Iterable[Amiss]:
    subject = literal("account:") + Account.public_id
    begun = select(subject, Membership.since).join(Account, Account.id == Membership.account_id)
    ended = begun.with_only_columns(subject, Membership.until).where(Membership.until.is_not(None))
    return chain(
        untold("memberships", begun, "account.changed"),
        untold("memberships.until", ended, "account.changed"),
        _in_two_units(),
    )


def _in_two_units() -> Iterator[Amiss]:
    accounts = db.session.scalars(
        select(literal("account:") + Account.public_id)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.unit_id.is_not(None), Membership.until.is_(None))
        .group_by(Account.public_id)
        .having(func.count() > 1)
        .limit(1)
    )
    return (("memberships.until", account) for account in accounts)
