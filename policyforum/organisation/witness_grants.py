"""What the table of role grants holds now for entries of the audit record."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from policyforum.accounts.models import Account
from policyforum.audit.chain import Entry, timestamp
from policyforum.audit.models import AuditEntry
from policyforum.audit.witnesses import Amiss, Told, told_by
from policyforum.db.session import db
from policyforum.organisation.models import Association, RoleGrant, Unit


def of_grants(entries: Sequence[Entry]) -> Iterator[Told]:
    rows, ends = _rows(entries), _ends(entries)
    for entry in entries:
        if (row := rows.get(_grant(entry))) is None:
            continue
        grant = row.RoleGrant
        yield entry.seq, "actor", row.granter or ""
        yield entry.seq, "subject", f"account:{row.account}"
        yield entry.seq, "role", grant.role
        yield entry.seq, "unit", row.unit
        yield entry.seq, "association", row.association
        yield entry.seq, "policy_id", grant.policy_id
        yield entry.seq, "starts_at", timestamp(grant.starts_at)
        ended = ends[grant.public_id]
        if ended and ended[-1] == grant.ends_at:  # its end is told by the entry that ended it
            yield entry.seq, "ends_at", json.loads(entry.facts).get("ends_at")
        else:
            yield entry.seq, "ends_at", timestamp(grant.ends_at) if grant.ends_at else None


def of_ends(entries: Sequence[Entry]) -> Iterator[Told]:
    rows, ends = _rows(entries), _ends(entries)
    for entry in entries:
        if (row := rows.get(_grant(entry))) is None:
            continue
        yield entry.seq, "subject", f"account:{row.account}"
        yield entry.seq, "role", row.RoleGrant.role
        ended = ends[row.RoleGrant.public_id]
        yield entry.seq, "moment", row.RoleGrant.ends_at if entry.at == ended[-1] else entry.at


def _rows(entries: Sequence[Entry]) -> dict[str, Any]:
    granter = aliased(Account)
    rows = db.session.execute(
        select(
            RoleGrant,
            Account.public_id.label("account"),
            granter.public_id.label("granter"),
            Unit.public_id.label("unit"),
            Association.public_id.label("association"),
        )
        .join(Account, Account.id == RoleGrant.account_id)
        .outerjoin(granter, granter.id == RoleGrant.granted_by_id)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .outerjoin(Association, Association.id == RoleGrant.association_id)
        .where(RoleGrant.public_id.in_({_grant(entry) for entry in entries}))
    )
    return {row.RoleGrant.public_id: row for row in rows}


def _ends(entries: Sequence[Entry]) -> dict[str, list[datetime]]:
    """When each grant of these accounts was ended, by the record."""
    rows = db.session.execute(
        select(AuditEntry.at, AuditEntry.facts)
        .where(
            AuditEntry.verb == "role.ended",
            AuditEntry.subject.in_({entry.subject for entry in entries}),
        )
        .order_by(AuditEntry.seq)
    )
    ended = defaultdict(list)
    for at, facts in rows:
        ended[json.loads(facts)["grant"]].append(at)
    return ended


def _grant(entry: Entry) -> str:
    return str(json.loads(entry.facts).get("grant"))


def amiss() -> Iterable[Amiss]:
    told = {facts["grant"] for _subject, facts in told_by("role.granted")}
    grants = db.session.scalars(select(RoleGrant.public_id).order_by(RoleGrant.id))
    return (("role_grants", grant) for grant in grants if grant not in told)
