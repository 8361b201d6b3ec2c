"""One person: details, workplace, associations, roles, access."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from policyforum.accounts.models import Account
from policyforum.accounts.services import AccountData
from policyforum.admin.choosing import (
    association_options,
    chosen_association,
    chosen_grant,
    chosen_unit,
    fill_role_menus,
    fill_unit_menu,
)
from policyforum.admin.forms import DetailsForm, JoinForm, RoleForm, WorkplaceForm
from policyforum.admin.queries import seat_titles
from policyforum.admin.views.people import TOLD_ONCE
from policyforum.db.session import transaction
from policyforum.organisation import people
from policyforum.organisation.current import current_actor
from policyforum.organisation.permissions import admin_scopes
from policyforum.organisation.queries import (
    association_by_id,
    grant_by_id,
    grants_of,
    memberships_of,
    person_by_id,
)
from policyforum.web.access import roles
from policyforum.web.clock import now
from policyforum.web.form_pages import SEE_OTHER, perform_once
from policyforum.web.forms import Form
from policyforum.web.problems import Invalid, NotFound


@roles("admin")
def person(public_id: str) -> ResponseReturnValue:
    return _page(_person(public_id))


@roles("admin")
def change_details(public_id: str) -> ResponseReturnValue:
    form = DetailsForm()

    def change() -> None:
        data = AccountData(form.email.data or "", form.name.data or "")
        people.change_person(_person(public_id), current_actor(), data, now())

    return _perform(public_id, form, "details", change)


@roles("admin")
def change_workplace(public_id: str) -> ResponseReturnValue:
    form = WorkplaceForm()

    def change() -> None:
        unit = chosen_unit("unit", form.unit.data)
        position = form.position.data or ""
        people.assign_unit(_person(public_id), current_actor(), unit, position, now())

    return _perform(public_id, form, "workplace", change)


@roles("admin")
def join_association(public_id: str) -> ResponseReturnValue:
    form = JoinForm()

    def join() -> None:
        association = chosen_association("association", form.association.data)
        if association is None:
            raise Invalid({"association": [_("Choose an association.")]})
        people.join_association(_person(public_id), current_actor(), association, now())

    return _perform(public_id, form, "join", join)


@roles("admin")
def leave_association(public_id: str, association_id: str) -> ResponseReturnValue:
    with transaction():
        association = association_by_id(association_id)
        people.leave_association(_person(public_id), current_actor(), association, now())
    return _back(public_id)


@roles("admin")
def grant_role(public_id: str) -> ResponseReturnValue:
    form = RoleForm()
    fill_role_menus(form, current_actor(), now())

    def grant() -> None:
        data = chosen_grant(form, form.ends_at.data)
        people.grant_role(_person(public_id), current_actor(), data, now())

    return _perform(public_id, form, "role", grant)


@roles("admin")
def end_role(public_id: str, grant_id: str) -> ResponseReturnValue:
    try:
        with transaction():
            grant = grant_by_id(grant_id)
            if grant.account_id != _person(public_id).id:
                raise NotFound
            people.end_role(grant, current_actor(), now())
    except Invalid as problem:
        flash(problem.detail)
    return _back(public_id)


@roles("admin")
def disable(public_id: str) -> ResponseReturnValue:
    try:
        with transaction():
            people.disable_person(_person(public_id), current_actor(), now())
    except Invalid as problem:
        flash(problem.detail)
    return _back(public_id)


@roles("admin")
def enable(public_id: str) -> ResponseReturnValue:
    with transaction():
        people.enable_person(_person(public_id), current_actor(), now())
    return _back(public_id)


@roles("admin")
def reset_password(public_id: str) -> ResponseReturnValue:
    with transaction():
        password = people.reset_password(_person(public_id), current_actor(), now())
    session[TOLD_ONCE] = [public_id, password]
    return _back(public_id)


def _perform(
    public_id: str, form: Form, name: str, change: Callable[[], None]
) -> ResponseReturnValue:
    """Carry a form of the page out; the page again, with what was typed, when it was refused."""

    def path_of() -> str:
        change()
        flash(_("Saved."))
        return url_for("admin.person", public_id=public_id)

    account = _person(public_id)
    if form.validate_on_submit() and (done := perform_once(form, path_of)):
        return done
    return _page(account, **{name: form}), form.problem.status if form.problem else 422


def _page(account: Account, **forms: Any) -> str:
    at, actor = now(), current_actor()
    memberships = memberships_of(account, at)
    workplace = next((m for m in memberships if m.unit is not None), None)
    shown = {
        "details": DetailsForm(formdata=None, obj=account),
        "workplace": WorkplaceForm(
            formdata=None,
            unit=workplace.unit.public_id if workplace and workplace.unit else "",
            position=workplace.position if workplace else "",
        ),
        "join": JoinForm(formdata=None),
        "role": RoleForm(formdata=None),
        **forms,
    }
    fill_unit_menu(shown["workplace"].unit, actor, _("none"), at)
    shown["join"].association.choices = association_options()
    fill_role_menus(shown["role"], actor, at)
    told = session.get(TOLD_ONCE)
    password = None
    if told and told[0] == account.public_id:
        password = session.pop(TOLD_ONCE)[1]
    return render_template(
        "admin/person.html",
        account=account,
        forms=shown,
        workplace=workplace,
        joined=[m.association for m in memberships if m.association is not None],
        grants=grants_of(account, at),
        seats=seat_titles(account, actor, at),
        password=password,
    )


def _person(public_id: str) -> Account:
    return person_by_id(public_id, admin_scopes(current_actor()), now())


def _back(public_id: str) -> ResponseReturnValue:
    return redirect(url_for("admin.person", public_id=public_id), SEE_OTHER)
