"""What the table of accounts holds now for entries of the audit record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from sqlalchemy import and_, case, func, literal, or_, select

from policyforum.accounts.models import Account
from policyforum.audit.chain import Entry
from policyforum.audit.models import AuditEntry
from policyforum.audit.witnesses import Amiss, Told, Witness, Witnesses, untold
from policyforum.db.session import db


def _of_beginnings(entries: Sequence[Entry]) -> Iterator[Told]:
    accounts = _accounts(entries)
    for entry in entries:
        if (account := accounts.get(entry.subject)) is not None:
            yield entry.seq, "moment", account.created_at


def _of_names(entries: Sequence[Entry]) -> Iterator[Told]:
    accounts = _accounts(entries)
    for entry in entries:
        if (account := accounts.get(entry.subject)) is not None:
            yield entry.seq, "name", account.name
            yield entry.seq, "email", account.email


def _accounts(entries: Sequence[Entry]) -> dict[str, Account]:
    ids = {entry.subject.partition(":")[2] for entry in entries}
    rows = db.session.scalars(select(Account).where(Account.public_id.in_(ids)))
    return {f"account:{account.public_id}": account for account in rows}


def _amiss() -> Iterable[Amiss]:
    return chain(untold("accounts", select(_SUBJECT), "account.created"), _closed_otherwise())


def _closed_otherwise() -> Iterator[Amiss]:
    """Accounts that are closed, or open, other than the last entry about it says."""
    opened = and_(AuditEntry.verb == "account.changed", AuditEntry.facts.contains('"disabled"'))
    last = (
        select(AuditEntry.subject, func.max(AuditEntry.seq).label("seq"))
        .where(or_(AuditEntry.verb == "account.disabled", opened))
        .group_by(AuditEntry.subject)
        .subquery()
    )
    closed_at = case((AuditEntry.verb == "account.disabled", AuditEntry.at))
    accounts = db.session.scalars(
        select(_SUBJECT)
        .outerjoin(last, last.c.subject == _SUBJECT)
        .outerjoin(AuditEntry, AuditEntry.seq == last.c.seq)
        .where(Account.disabled_at.is_distinct_from(closed_at))
        .limit(1)
    )
    return (("accounts.disabled_at", account) for account in accounts)


_SUBJECT = literal("account:") + Account.public_id

_named = Witness(
    ("name", "email"),
    _of_names,
    replaced_by=("account.created", "account.changed"),
    saying='"name_commitment"',
)

WITNESSES: Witnesses = {
    "account.created": (Witness(("moment",), _of_beginnings, amiss=_amiss), _named),
    "account.changed": (_named,),
}
