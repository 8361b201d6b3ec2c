"""The tree of units."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from policyforum.admin.choosing import chosen_unit, units_within
from policyforum.admin.forms import PasteForm, UnitForm, unit_options
from policyforum.admin.pasting import add_pasted_units
from policyforum.db.session import transaction
from policyforum.organisation import services
from policyforum.organisation.current import current_actor
from policyforum.organisation.models import Unit
from policyforum.organisation.permissions import may_administer
from policyforum.organisation.queries import unit_by_id, unit_tree
from policyforum.web.access import roles
from policyforum.web.clock import now
from policyforum.web.form_pages import SEE_OTHER, form_page, perform_once, require
from policyforum.web.problems import Invalid


@roles("admin")
def units() -> ResponseReturnValue:
    with_closed = "closed" in request.args
    return render_template(
        "admin/units.html",
        nodes=unit_tree(now(), with_closed=with_closed),
        with_closed=with_closed,
        may_administer=lambda unit: may_administer(current_actor(), unit.path if unit else None),
    )


@roles("admin")
def new_unit() -> ResponseReturnValue:
    form = _unit_form(UnitForm(parent=request.args.get("under", "")))

    def add() -> str:
        parent = chosen_unit("parent", form.parent.data)
        unit = services.add_unit(current_actor(), form.to_data(), parent, now())
        flash(_("%(name)s is added.", name=unit.name))
        return url_for("admin.units", _anchor=unit.public_id)

    if form.validate_on_submit() and (done := perform_once(form, add)):
        return done
    return form_page("admin/unit.html", form, unit=None)


@roles("admin")
def unit(public_id: str) -> ResponseReturnValue:
    unit = _unit(public_id)
    above = unit_above(unit)
    form = _unit_form(UnitForm(obj=unit, data={"parent": above}), but=unit)

    def change() -> str:
        row = _unit(public_id)
        services.change_unit(row, current_actor(), form.to_data(), now())
        if (form.parent.data or "") != above:
            parent = chosen_unit("parent", form.parent.data)
            services.move_unit(row, current_actor(), parent, now())
        flash(_("Saved."))
        return url_for("admin.units", _anchor=public_id)

    if form.validate_on_submit() and (done := perform_once(form, change)):
        return done
    return form_page("admin/unit.html", form, unit=unit)


@roles("admin")
def close_unit(public_id: str) -> ResponseReturnValue:
    try:
        with transaction():
            services.close_unit(_unit(public_id), current_actor(), now())
    except Invalid as problem:
        flash(problem.detail)
        return redirect(url_for("admin.unit", public_id=public_id), SEE_OTHER)
    flash(_("The unit is closed."))
    return redirect(url_for("admin.units"), SEE_OTHER)


@roles("admin")
def reopen_unit(public_id: str) -> ResponseReturnValue:
    with transaction():
        services.reopen_unit(_unit(public_id), current_actor(), now())
    flash(_("The unit is open again."))
    return redirect(url_for("admin.units"), SEE_OTHER)


@roles("admin")
def paste_units() -> ResponseReturnValue:
    form = PasteForm()

    def add() -> str:
        added = add_pasted_units(current_actor(), form.rows.data or "", now())
        flash(_("%(count)s units are added.", count=len(added)))
        return url_for("admin.units")

    if form.validate_on_submit() and (done := perform_once(form, add)):
        return done
    return form_page("admin/paste.html", form)


def unit_above(unit: Unit) -> str:
    """Public id of the unit it lies under, "" at the root."""
    above = next((node.unit for node in unit_tree(now()) if node.unit.id == unit.parent_id), None)
    return above.public_id if above else ""


def _unit(public_id: str) -> Unit:
    unit = unit_by_id(public_id)
    require(may_administer(current_actor(), unit.path))
    return unit


def _unit_form(form: UnitForm, but: Unit | None = None) -> UnitForm:
    nodes = [
        node
        for node in units_within(current_actor(), now())
        if but is None or not node.unit.path.startswith(but.path)
    ]
    form.parent.choices = unit_options(nodes, _("The city itself"))
    return form
