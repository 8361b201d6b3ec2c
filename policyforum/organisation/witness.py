"""What the tables of units, associations and roles hold now for entries of the audit record."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from sqlalchemy import select

from policyforum.audit.chain import Entry
from policyforum.audit.witnesses import Told, Witness, Witnesses
from policyforum.db.session import db
from policyforum.organisation.models import Association, RoleGrant, Unit


def _of_units(entries: Sequence[Entry]) -> Iterator[Told]:
    return _of_bodies(Unit, entries)


def _of_associations(entries: Sequence[Entry]) -> Iterator[Told]:
    return _of_bodies(Association, entries)


def _of_bodies(kind: type[Unit | Association], entries: Sequence[Entry]) -> Iterator[Told]:
    ids = {entry.subject.partition(":")[2] for entry in entries}
    rows = db.session.execute(
        select(kind.public_id, kind.name, kind.closed_at).where(kind.public_id.in_(ids))
    )
    bodies = {row.public_id: row for row in rows}
    for entry in entries:
        if (row := bodies.get(entry.subject.partition(":")[2])) is not None:
            yield entry.seq, "name", row.name
            yield entry.seq, "closed", row.closed_at is not None


def _of_grants(entries: Sequence[Entry]) -> Iterator[Told]:
    named = {entry.seq: json.loads(entry.facts).get("grant") for entry in entries}
    roles: dict[str, str] = dict(
        db.session.execute(
            select(RoleGrant.public_id, RoleGrant.role).where(
                RoleGrant.public_id.in_(set(named.values()))
            )
        ).all()
    )
    for seq, grant in named.items():
        if grant in roles:
            yield seq, "role", roles[grant]


WITNESSES: Witnesses = {
    **dict.fromkeys(
        ("unit.created", "unit.changed"),
        Witness(("name", "closed"), _of_units, replaced_by=("unit.created", "unit.changed")),
    ),
    **dict.fromkeys(
        ("association.created", "association.changed"),
        Witness(
            ("name", "closed"),
            _of_associations,
            replaced_by=("association.created", "association.changed"),
        ),
    ),
    "role.granted": Witness(("role",), _of_grants),
}
