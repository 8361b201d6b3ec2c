"""Reading the record."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, func, select

from policyforum.audit.models import AuditEntry
from policyforum.db.session import db


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


def newest_about(policy: ColumnElement[str]) -> ScalarSelect[int | None]:
    """The number of the newest entry about a policy (a column of public ids), for use in a query.

    Whatever changes what people see of a policy is on record, so as long as this number stays the
    same, so do its pages.
    """
    return select(func.max(AuditEntry.seq)).where(AuditEntry.policy == policy).scalar_subquery()


def happened_since(verb: str, subject: str, since: datetime) -> bool:
    """Whether this is on record for that subject after `since`."""
    found = db.session.scalar(
        select(AuditEntry.seq)
        .where(AuditEntry.verb == verb, AuditEntry.subject == subject, AuditEntry.at > since)
        .limit(1)
    )
    return found is not None
