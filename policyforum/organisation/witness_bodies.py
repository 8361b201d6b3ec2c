"""What the tables of units and associations hold now for entries of the audit record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import literal, select
from sqlalchemy.orm import aliased

from policyforum.audit.chain import Entry
from policyforum.audit.witnesses import Amiss, Changed, Told, untold
from policyforum.db.session import db
from policyforum.organisation.models import Association, Unit


def of_units(entries: Sequence[Entry]) -> Iterator[Told]:
    parent = aliased(Unit)
    rows = db.session.execute(
        select(Unit, parent.path)
        .outerjoin(parent, parent.id == Unit.parent_id)
        .where(Unit.public_id.in_(_ids(entries)))
    )
    units = {unit.public_id: (unit, above or "/") for unit, above in rows}
    for entry in entries:
        if (public_id := _id(entry)) in units:
            unit, above = units[public_id]
            yield entry.seq, "name", unit.name
            yield entry.seq, "closed", unit.closed_at is not None
            yield entry.seq, "code", unit.code
            yield entry.seq, "headcount", unit.headcount
            written = json.loads(entry.facts)["path"]
            same = _hangs_as(written, unit, above)
            yield entry.seq, "path", written if same else Changed("units.parent_id or path")


def _hangs_as(written: str, unit: Unit, above: str) -> bool:
    """Whether it hangs where its entry says, wherever what is above it was moved to since."""
    *_others, parent_id, own_id = ["", *written.strip("/").split("/")]
    hangs = (str(unit.parent_id or ""), str(unit.id)) == (parent_id, own_id)
    return hangs and unit.path == f"{above}{unit.id}/"


def of_associations(entries: Sequence[Entry]) -> Iterator[Told]:
    rows = db.session.scalars(select(Association).where(Association.public_id.in_(_ids(entries))))
    associations = {association.public_id: association for association in rows}
    for entry in entries:
        if (association := associations.get(_id(entry))) is not None:
            yield entry.seq, "name", association.name
            yield entry.seq, "closed", association.closed_at is not None
            yield entry.seq, "code", association.code
            yield entry.seq, "member_count", association.member_count


def _ids(entries: Sequence[Entry]) -> set[str]:
    return {_id(entry) for entry in entries}


def _id(entry: Entry) -> str:
    return str(entry.subject).partition(":")[2]


def untold_units() -> Iterable[Amiss]:
    return untold("units", select(literal("unit:") + Unit.public_id), "unit.created")


def untold_associations() -> Iterable[Amiss]:
    subjects = select(literal("association:") + Association.public_id)
    return untold("associations", subjects, "association.created")
