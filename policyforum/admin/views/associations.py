"""Associations of the city's employees and of experts."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from policyforum.admin.forms import AssociationForm
from policyforum.db.session import transaction
from policyforum.organisation import services
from policyforum.organisation.current import current_actor
from policyforum.organisation.permissions import may_administer
from policyforum.organisation.queries import association_by_id
from policyforum.organisation.queries import associations as all_associations
from policyforum.web.access import roles
from policyforum.web.clock import now
from policyforum.web.form_pages import SEE_OTHER, form_page, perform_once, require


@roles("admin")
def associations() -> ResponseReturnValue:
    return render_template(
        "admin/associations.html",
        associations=all_associations(with_closed=True),
        may_change=may_administer(current_actor(), None),
    )


@roles("admin")
def new_association() -> ResponseReturnValue:
    require(may_administer(current_actor(), None))
    form = AssociationForm()

    def add() -> str:
        added = services.add_association(current_actor(), form.to_data(), now())
        flash(_("%(name)s is added.", name=added.name))
        return url_for("admin.associations")

    if form.validate_on_submit() and (done := perform_once(form, add)):
        return done
    return form_page("admin/association.html", form, association=None)


@roles("admin")
def association(public_id: str) -> ResponseReturnValue:
    require(may_administer(current_actor(), None))
    found = association_by_id(public_id)
    form = AssociationForm(obj=found)

    def change() -> str:
        row = association_by_id(public_id)
        services.change_association(row, current_actor(), form.to_data(), now())
        flash(_("Saved."))
        return url_for("admin.associations")

    if form.validate_on_submit() and (done := perform_once(form, change)):
        return done
    return form_page("admin/association.html", form, association=found)


@roles("admin")
def close_association(public_id: str) -> ResponseReturnValue:
    with transaction():
        services.close_association(association_by_id(public_id), current_actor(), now())
    flash(_("The association is closed."))
    return redirect(url_for("admin.associations"), SEE_OTHER)


@roles("admin")
def reopen_association(public_id: str) -> ResponseReturnValue:
    with transaction():
        services.reopen_association(association_by_id(public_id), current_actor(), now())
    flash(_("The association is open again."))
    return redirect(url_for("admin.associations"), SEE_OTHER)
