"""Reading the record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, select, union_all

from policyforum.audit.models import AuditEntry
from policyforum.db.asking import Question
from policyforum.db.session import db

OF_BODIES = (
    "account.changed",
    "association.changed",
    "association.created",
    "unit.changed",
    "unit.created",
)


def entries_of(policy: str, after: int = 0, limit: int = 100) -> list[AuditEntry]:
    """The entries about one policy (its public id), oldest first, those after `after`."""
    return list(
        db.session.scalars(
            select(AuditEntry)
            .where(AuditEntry.policy == policy, AuditEntry.seq > after)
            .order_by(AuditEntry.seq)
            .limit(limit)
        )
    )


def newest_entries(before: int | None = None, limit: int = 50) -> list[AuditEntry]:
    """The newest entries of the whole record, newest first, those before `before`."""
    query = select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditEntry.seq < before)
    return list(db.session.scalars(query))


def newest_about(policy: ColumnElement[str]) -> ScalarSelect[str | None]:
    """The hash of the newest entry about a policy (a column of public ids), for use in a query.

    Whatever is done to a policy is on record, so as long as this hash stays the same, so does what
    its pages show of it. A number would not do: after a restore it may be another entry's.
    """
    return (
        select(AuditEntry.hash)
        .where(AuditEntry.policy == policy)
        .order_by(AuditEntry.seq.desc())
        .limit(1)
        .scalar_subquery()
    )


def newest_change_of_bodies() -> str:
    """The hash of the newest entry that made people or units appear otherwise; "" for none."""
    row = _NEWEST_CHANGE_OF_BODIES.row({})
    return str(row[0]) if row else ""


def happened_since(verb: str, subject: str, since: datetime) -> bool:
    """Whether this is on record for that subject after `since`."""
    found = db.session.scalar(
        select(AuditEntry.seq)
        .where(AuditEntry.verb == verb, AuditEntry.subject == subject, AuditEntry.at > since)
        .limit(1)
    )
    return found is not None


def _newest_of(verbs: Iterable[str]) -> Select[str]:
    """Each verb's newest is the end of its part of the index, however much there is of it."""
    ends = union_all(*(select(func.max(AuditEntry.seq)).where(AuditEntry.verb == v) for v in verbs))
    seq = ends.subquery().columns[0]
    return select(AuditEntry.hash).where(AuditEntry.seq == select(func.max(seq)).scalar_subquery())


_NEWEST_CHANGE_OF_BODIES = Question(_newest_of(OF_BODIES))
