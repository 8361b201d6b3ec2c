"""Finding people and bringing them in."""

from __future__ import annotations

from flask import flash, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from policyforum.admin.choosing import chosen_grant, chosen_unit, fill_role_menus, fill_unit_menu
from policyforum.admin.forms import PersonForm
from policyforum.organisation.current import current_actor
from policyforum.organisation.models import ROLES
from policyforum.organisation.people import PersonData, add_person
from policyforum.organisation.permissions import admin_scopes
from policyforum.organisation.queries import people_page
from policyforum.web.access import roles
from policyforum.web.clock import now
from policyforum.web.form_pages import form_page, perform_once

TOLD_ONCE = "told_once"
"""Where the browser's session keeps a new password until the next page has shown it."""


@roles("admin")
def people() -> ResponseReturnValue:
    words = request.args.get("q", "")[:100].replace("\x00", "")
    role = request.args.get("role", "")
    page = people_page(
        now(),
        scopes=admin_scopes(current_actor()),
        words=words,
        role=role if role in ROLES else "",
        cursor=request.args.get("cursor", ""),
    )
    return render_template("admin/people.html", page=page, words=words, role=role, roles=ROLES)


@roles("admin")
def new_person() -> ResponseReturnValue:
    form = PersonForm()
    fill_unit_menu(form.unit, current_actor(), _("none"), now())
    fill_role_menus(form, current_actor(), now())

    def add() -> str:
        data = PersonData(
            email=form.email.data or "",
            name=form.name.data or "",
            grant=chosen_grant(form),
            unit=chosen_unit("unit", form.unit.data),
            position=form.position.data or "",
        )
        account, password = add_person(current_actor(), data, now())
        session[TOLD_ONCE] = [account.public_id, password]
        flash(_("%(name)s is in.", name=account.name))
        return url_for("admin.person", public_id=account.public_id)

    if form.validate_on_submit() and (done := perform_once(form, add)):
        return done
    return form_page("admin/new-person.html", form)
