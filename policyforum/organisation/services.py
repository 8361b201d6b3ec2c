"""The tree of units, and the associations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from policyforum.audit.record import Event, record
from policyforum.db.session import db, lock_row
from policyforum.organisation.actor import Actor
from policyforum.organisation.models import Agency, Association, Unit
from policyforum.organisation.permissions import may_administer
from policyforum.organisation.queries import the_agency
from policyforum.web.problems import Forbidden, Invalid
from policyforum.web.texts import checked_line

LONGEST_NAME = 200
LONGEST_CODE = 40
LARGEST_COUNT = 10_000_000
DEEPEST = 20


@dataclass(frozen=True, slots=True)
class UnitData:
    """`headcount`: how many people work there by the city's own count, if known."""

    code: str
    name: str
    headcount: int | None = None


@dataclass(frozen=True, slots=True)
class AssociationData:
    code: str
    name: str
    member_count: int | None = None


def add_unit(actor: Actor, data: UnitData, parent: Unit | None, now: datetime) -> Unit:
    """A new unit under `parent`, or at the root.

    Raises `Forbidden` outside of the actor's scope, `Invalid` for a field or place that can't be
    taken.
    """
    _lock_tree(parent)
    _require_scope(actor, parent)
    unit = Unit(agency_id=the_agency().id, path="")
    _place(unit, parent)
    _fill_unit(unit, data)
    db.session.add(unit)
    db.session.flush()
    unit.path = _path_under(parent, unit)
    _record_unit("unit.created", unit, actor, now)
    return unit


def change_unit(unit: Unit, actor: Actor, data: UnitData, now: datetime) -> None:
    """Another code, name or headcount. Raises `Forbidden`, and `Invalid` for one of them."""
    _lock_tree(unit)
    _require_scope(actor, unit)
    _fill_unit(unit, data)
    _record_unit("unit.changed", unit, actor, now)


def move_unit(unit: Unit, actor: Actor, parent: Unit | None, now: datetime) -> None:
    """Hang a unit, with all that lies under it, under another one or at the root.

    Raises `Forbidden` when either lies outside of the actor's scope, `Invalid` for a place that
    can't be.
    """
    _lock_tree(unit, parent)
    _require_scope(actor, unit)
    _require_scope(actor, parent)
    if parent is not None and parent.path.startswith(unit.path):
        raise Invalid({"parent": [_("A unit cannot lie under itself.")]})
    old_path = unit.path
    _place(unit, parent)
    new_path = _path_under(parent, unit)
    db.session.flush()
    db.session.execute(
        update(Unit)
        .where(Unit.path.startswith(old_path, autoescape=True))
        .values(path=func.replace(Unit.path, old_path, new_path))
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()
    _record_unit("unit.changed", unit, actor, now)


def close_unit(unit: Unit, actor: Actor, now: datetime) -> None:
    """The unit is no more; it stays where people have spoken from it.

    Raises `Forbidden`, and `Invalid` while there are units under it.
    """
    _lock_tree(unit)
    _require_scope(actor, unit)
    below = db.session.scalar(
        select(func.count()).where(Unit.parent_id == unit.id, Unit.closed_at.is_(None))
    )
    if below:
        raise Invalid({"unit": [_("Close or move the units under it first.")]})
    if unit.closed_at is None:
        unit.closed_at = now
        _record_unit("unit.changed", unit, actor, now)


def reopen_unit(unit: Unit, actor: Actor, now: datetime) -> None:
    """The unit is there again. Raises `Forbidden`."""
    _lock_tree(unit)
    _require_scope(actor, unit)
    if unit.closed_at is not None:
        unit.closed_at = None
        _record_unit("unit.changed", unit, actor, now)


def add_association(actor: Actor, data: AssociationData, now: datetime) -> Association:
    """A new body that speaks for its members. Raises `Forbidden`, `Invalid`."""
    _require_scope(actor, None)
    association = Association()
    _fill_association(association, data)
    db.session.add(association)
    db.session.flush()
    _record_association("association.created", association, actor, now)
    return association


def change_association(
    association: Association, actor: Actor, data: AssociationData, now: datetime
) -> None:
    """Another code, name or number of members. Raises `Forbidden`, `Invalid`."""
    _require_scope(actor, None)
    lock_row(association)
    _fill_association(association, data)
    _record_association("association.changed", association, actor, now)


def close_association(association: Association, actor: Actor, now: datetime) -> None:
    """It no longer takes part; it stays where it has spoken. Raises `Forbidden`."""
    _require_scope(actor, None)
    lock_row(association)
    if association.closed_at is None:
        association.closed_at = now
        _record_association("association.changed", association, actor, now)


def reopen_association(association: Association, actor: Actor, now: datetime) -> None:
    """It takes part again. Raises `Forbidden`."""
    _require_scope(actor, None)
    lock_row(association)
    if association.closed_at is not None:
        association.closed_at = None
        _record_association("association.changed", association, actor, now)


def _require_scope(actor: Actor, unit: Unit | None) -> None:
    if not may_administer(actor, unit.path if unit else None):
        raise Forbidden(_("This lies outside what you administer."))


def _lock_tree(*units: Unit | None) -> None:
    """Two moves at once could tie the tree into a ring; these units are read as they now are."""
    db.session.execute(select(Agency.id).where(Agency.id == the_agency().id).with_for_update())
    for unit in units:
        if unit is not None:
            db.session.refresh(unit)


def _place(unit: Unit, parent: Unit | None) -> None:
    if parent is not None and parent.closed_at is not None:
        raise Invalid({"parent": [_("This unit is closed.")]})
    if parent is not None and parent.path.count("/") > DEEPEST:
        raise Invalid({"parent": [_("Units cannot lie deeper than this.")]})
    unit.parent_id = parent.id if parent else None


def _path_under(parent: Unit | None, unit: Unit) -> str:
    return f"{parent.path if parent else '/'}{unit.id}/"


def _fill_unit(unit: Unit, data: UnitData) -> None:
    unit.code = _free_code(Unit, unit.id, data.code)
    unit.name = checked_line("name", data.name, LONGEST_NAME)
    unit.headcount = _count("headcount", data.headcount)


def _fill_association(association: Association, data: AssociationData) -> None:
    association.code = _free_code(Association, association.id, data.code)
    association.name = checked_line("name", data.name, LONGEST_NAME)
    association.member_count = _count("member_count", data.member_count)


def _free_code(table: type[Unit | Association], own_id: int | None, typed: str) -> str:
    code = checked_line("code", typed, LONGEST_CODE)
    with db.session.no_autoflush:
        holder = db.session.scalar(
            select(table.id).where(
                func.lower(table.code) == code.lower(), table.id != (own_id or 0)
            )
        )
    if holder is not None:
        raise Invalid({"code": [_("This code is already used.")]})
    return code


def _count(field: str, value: int | None) -> int | None:
    if value is not None and not 0 <= value <= LARGEST_COUNT:
        raise Invalid({field: [_("This number is not possible.")]})
    return value


def _record_unit(verb: str, unit: Unit, actor: Actor, now: datetime) -> None:
    facts = {
        "code": unit.code,
        "headcount": unit.headcount,
        "path": unit.path,
        "closed": unit.closed_at is not None,
    }
    texts = {"name": unit.name}
    record(Event(verb, actor.public_id, now, f"unit:{unit.public_id}", facts=facts, texts=texts))


def _record_association(verb: str, association: Association, actor: Actor, now: datetime) -> None:
    subject = f"association:{association.public_id}"
    facts = {
        "code": association.code,
        "member_count": association.member_count,
        "closed": association.closed_at is not None,
    }
    texts = {"name": association.name}
    record(Event(verb, actor.public_id, now, subject, facts=facts, texts=texts))
