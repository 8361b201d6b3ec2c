"""Every address of admin."""

from __future__ import annotations

from flask import Blueprint

from policyforum.admin.views import associations, home, people, person, units

blueprint = Blueprint("admin", __name__, url_prefix="/admin")

FORM = ("GET", "POST")

for rule, view, methods in (
    ("", home.home, ("GET",)),
    ("/units", units.units, ("GET",)),
    ("/units/new", units.new_unit, FORM),
    ("/units/paste", units.paste_units, FORM),
    ("/units/<public_id>", units.unit, FORM),
    ("/units/<public_id>/close", units.close_unit, ("POST",)),
    ("/units/<public_id>/reopen", units.reopen_unit, ("POST",)),
    ("/associations", associations.associations, ("GET",)),
    ("/associations/new", associations.new_association, FORM),
    ("/associations/<public_id>", associations.association, FORM),
    ("/associations/<public_id>/close", associations.close_association, ("POST",)),
    ("/associations/<public_id>/reopen", associations.reopen_association, ("POST",)),
    ("/people", people.people, ("GET",)),
    ("/people/new", people.new_person, FORM),
    ("/people/<public_id>", person.person, ("GET",)),
    ("/people/<public_id>/details", person.change_details, ("POST",)),
    ("/people/<public_id>/workplace", person.change_workplace, ("POST",)),
    ("/people/<public_id>/associations", person.join_association, ("POST",)),
    (
        "/people/<public_id>/associations/<association_id>/leave",
        person.leave_association,
        ("POST",),
    ),
    ("/people/<public_id>/roles", person.grant_role, ("POST",)),
    ("/people/<public_id>/roles/<grant_id>/end", person.end_role, ("POST",)),
    ("/people/<public_id>/disable", person.disable, ("POST",)),
    ("/people/<public_id>/enable", person.enable, ("POST",)),
    ("/people/<public_id>/password", person.reset_password, ("POST",)),
):
    blueprint.add_url_rule(rule, view_func=view, methods=methods)
