"""Reading the record."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    case,
    func,
    literal_column,
    select,
    tuple_,
    union_all,
)

from policyforum.audit.models import AuditEntry
from policyforum.db.asking import so_many
from policyforum.db.base import LARGEST_NUMBER
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


def newest_about(policy: ColumnElement[str]) -> ScalarSelect[str | None]:
    """The hash of the newest entry about a policy (a column of public ids), for use in a query.

    Whatever is done to a policy is on record, so as long as this hash stays the same, so does what
    its pages show of it. A number would not do: after a restore it may be another entry's.
    """
    # Put so that only the index by policy serves it: asked for the newest where the policy is this
    # one, PostgreSQL may go back through the record of all others until it meets an entry of it.
    place = tuple_(AuditEntry.policy, AuditEntry.seq)
    return (
        select(case((AuditEntry.policy == policy, AuditEntry.hash)))
        .where(place <= tuple_(policy, literal_column(str(LARGEST_NUMBER))))
        .order_by(AuditEntry.policy.desc(), AuditEntry.seq.desc())
        .limit(so_many(1))
        .scalar_subquery()
    )


def newest_change_of_bodies() -> ScalarSelect[str | None]:
    """The hash of the newest entry that made people or units appear otherwise, for use in a query.

    Each verb's newest is the end of its part of the index, however much there is of it.
    """
    ends = union_all(
        *(select(func.max(AuditEntry.seq)).where(AuditEntry.verb == verb) for verb in OF_BODIES)
    )
    newest = select(func.max(ends.subquery().columns[0])).scalar_subquery()
    return select(AuditEntry.hash).where(AuditEntry.seq == newest).scalar_subquery()


def happened_since(verb: str, subject: str, since: datetime) -> bool:
    """Whether this is on record for that subject after `since`."""
    found = db.session.scalar(
        select(AuditEntry.seq)
        .where(AuditEntry.verb == verb, AuditEntry.subject == subject, AuditEntry.at > since)
        .limit(1)
    )
    return found is not None
