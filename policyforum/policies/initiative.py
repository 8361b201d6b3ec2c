"""Which unit takes the initiative for a policy: its leaders, and those above them, decide on it."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.organisation.models import Unit
from policyforum.web.problems import Forbidden, Invalid


def initiating_unit(actor: Actor, unit_id: int | None, *, is_citywide: bool) -> Unit | None:
    """The unit a drafter opens a policy for; None: the city as a whole.

    Where neither a unit nor the city is named, it is the unit the drafter works in, if they draft
    for it; else the city, if they draft for that; else the unit their role is limited to. Raises
    `Invalid` for what they do not draft for.
    """
    if unit_id is not None:
        unit = _unit_drafted_for(actor, unit_id)
        if unit is None:
            raise Invalid({"unit": [_("You do not draft for this unit.")]})
        return unit
    is_of_the_city = actor.holds("drafter", None, None)
    if is_citywide and not is_of_the_city:
        raise Invalid({"unit": [_("You do not draft for the whole city.")]})
    workplace = None if is_citywide else _unit_drafted_for(actor, actor.unit_id)
    if workplace is not None or is_of_the_city:
        return workplace
    paths = sorted(grant.unit_path or "" for grant in actor.grants if grant.role == "drafter")
    own = db.session.scalars(select(Unit).where(Unit.path == paths[0])).one_or_none()
    if own is None:
        raise Forbidden(_("You draft for one policy only and can not open another."))
    return own


def _unit_drafted_for(actor: Actor, unit_id: int | None) -> Unit | None:
    """The unit, if it is open and the actor drafts for it."""
    unit = db.session.get(Unit, unit_id) if unit_id is not None else None
    if unit is None or unit.closed_at is not None or not actor.holds("drafter", unit.path, None):
        return None
    return unit
