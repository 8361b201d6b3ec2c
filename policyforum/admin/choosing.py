"""What the menus of administration offer, and what was chosen in them."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from policyforum.admin.forms import PersonForm, RoleForm, unit_options
from policyforum.admin.queries import policies_to_seat_at, policy_by_public_id
from policyforum.organisation.actor import Actor
from policyforum.organisation.models import Association, Unit
from policyforum.organisation.people import GrantData
from policyforum.organisation.permissions import admin_scopes
from policyforum.organisation.queries import (
    UnitNode,
    association_by_id,
    associations,
    unit_by_id,
    unit_tree,
)
from policyforum.web.forms import options
from policyforum.web.problems import Invalid, NotFound

UNIT, POLICY = "unit:", "policy:"


def units_within(actor: Actor, now: datetime) -> list[UnitNode]:
    """The tree, only what the actor administers."""
    scopes = admin_scopes(actor)
    nodes = unit_tree(now)
    if scopes is None:
        return nodes
    return [node for node in nodes if node.unit.path.startswith(scopes)]


def fill_unit_menu(field: object, actor: Actor, none: str, now: datetime) -> None:
    """Offer the units; `none` stands for no unit, or for the root of the tree."""
    setattr(field, "choices", unit_options(units_within(actor, now), none))  # noqa: B010


def fill_role_menus(form: RoleForm | PersonForm, actor: Actor, now: datetime) -> None:
    """Offer what a role can be limited to, and whom a representative can speak for."""
    none = _("The whole city") if admin_scopes(actor) is None else _("Choose a unit")
    form.scope.choices = unit_options(units_within(actor, now), none, prefix=UNIT)
    if admin_scopes(actor) is None:
        form.scope.choices += options(
            [
                (POLICY + policy.public_id, _("Only the policy: %(title)s", title=policy.title))
                for policy in policies_to_seat_at()
            ]
        )
    form.association.choices = association_options()


def association_options() -> list[tuple[str, str]]:
    """Choices of a menu of associations."""
    return options([("", _("none")), *((a.public_id, a.name) for a in associations())])


def chosen_unit(field: str, public_id: str | None) -> Unit | None:
    """The unit that was chosen, if any; raises `Invalid` when there is no such unit."""
    if not public_id:
        return None
    try:
        return unit_by_id(public_id)
    except NotFound:
        raise Invalid({field: [_("This unit does not exist.")]}) from None


def chosen_association(field: str, public_id: str | None) -> Association | None:
    """The association that was chosen, if any; raises `Invalid` when there is none like it."""
    if not public_id:
        return None
    try:
        return association_by_id(public_id)
    except NotFound:
        raise Invalid({field: [_("This association does not exist.")]}) from None


def chosen_grant(form: RoleForm | PersonForm, ends_at: datetime | None = None) -> GrantData:
    """The role with its scope, as chosen; raises `Invalid`."""
    scope = form.scope.data or ""
    policy_id = None
    if scope.startswith(POLICY):
        try:
            policy_id = policy_by_public_id(scope.removeprefix(POLICY)).id
        except NotFound:
            raise Invalid({"scope": [_("This policy does not exist.")]}) from None
    elif scope and not scope.startswith(UNIT):
        raise Invalid({"scope": [_("This unit does not exist.")]})
    unit = chosen_unit("scope", scope.removeprefix(UNIT)) if policy_id is None else None
    return GrantData(
        role=form.role.data or "",
        unit=unit,
        association=chosen_association("association", form.association.data),
        policy_id=policy_id,
        ends_at=ends_at,
    )
