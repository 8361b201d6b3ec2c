"""Opening a policy."""

from __future__ import annotations

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from policyforum.drafting.forms import NewPolicyForm
from policyforum.drafting.queries import units_to_draft_for
from policyforum.drafting.services import start_policy
from policyforum.organisation.current import current_actor
from policyforum.web.access import roles
from policyforum.web.clock import now
from policyforum.web.form_pages import form_page, perform_once
from policyforum.web.measures import takes_texts


@roles("drafter")
@takes_texts
def new() -> ResponseReturnValue:
    """A policy with its first text, pasted or from a file."""
    actor = current_actor()
    units = units_to_draft_for(actor)
    form = NewPolicyForm()
    city = _("The whole city") if actor.holds("drafter", None, None) else None
    form.offer_units(units, city=city, own=actor.unit_id)

    def start() -> str:
        policy = start_policy(actor, form.to_data(units), form.text(), now())
        flash(_("The policy is opened. Only its drafters see it until it is published."), "success")
        return url_for("drafting.edit", slug=policy.slug)

    if form.validate_on_submit() and (done := perform_once(form, start)):
        return done
    return form_page("drafting/new.html", form)
