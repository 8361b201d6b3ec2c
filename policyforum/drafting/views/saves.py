"""Every save of a draft, and the way back to one."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from policyforum.db.session import transaction
from policyforum.drafting.queries import (
    policy_to_draft,
    save_by_version,
    saves_page,
    working_text,
)
from policyforum.drafting.readiness import differences
from policyforum.drafting.services import restore_save
from policyforum.organisation.current import current_actor
from policyforum.web.access import roles
from policyforum.web.clock import now
from policyforum.web.form_pages import SEE_OTHER


@roles("drafter")
def saves(slug: str) -> ResponseReturnValue:
    """Who saved when, newest first."""
    policy = policy_to_draft(slug, current_actor())
    return render_template(
        "drafting/saves.html",
        policy=policy,
        text=working_text(policy),
        page=saves_page(policy, request.args.get("cursor", "")),
    )


@roles("drafter")
def save(slug: str, version: int) -> ResponseReturnValue:
    """One save, and how the draft in force differs from it."""
    policy = policy_to_draft(slug, current_actor())
    text = working_text(policy)
    earlier = save_by_version(policy, version)
    return render_template(
        "drafting/save.html",
        policy=policy,
        text=text,
        save=earlier,
        changes=differences(text.source, earlier.source),
    )


@roles("drafter")
def restore(slug: str, version: int) -> ResponseReturnValue:
    """Make an earlier save the draft again; the ones between stay."""
    policy = policy_to_draft(slug, current_actor())
    with transaction():
        restore_save(policy, current_actor(), version, now())
    flash(_("The draft is as it was in save %(number)s.", number=version), "success")
    return redirect(url_for("drafting.edit", slug=slug), SEE_OTHER)
