"""Publishing the draft, with everything it will cause in view."""

from __future__ import annotations

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from policyforum.drafting.findings import findings_of, summary_of
from policyforum.drafting.forms import PublishForm
from policyforum.drafting.queries import policy_to_draft
from policyforum.drafting.readiness import readiness
from policyforum.drafting.services import publish_draft
from policyforum.organisation.current import current_actor
from policyforum.policies.forms import usual_closing
from policyforum.policies.rounds import open_round
from policyforum.web.access import roles
from policyforum.web.clock import now
from policyforum.web.form_pages import form_page, perform_once


@roles("drafter")
def publish(slug: str) -> ResponseReturnValue:
    """What will change, what is missing; and the button. A round may open with it."""
    actor = current_actor()
    policy = policy_to_draft(slug, actor)
    form = PublishForm(closes_at=usual_closing(now()), audience=policy.visibility)

    def publish_now() -> str:
        revision = publish_draft(policy, actor, form.to_publish(), now())
        if form.with_round.data:
            open_round(policy, revision, actor, form.to_data(now()), now())
        flash(_("Revision %(number)s is published.", number=revision.number), "success")
        return f"/policies/{slug}/revisions/{revision.number}"

    if form.validate_on_submit() and (done := perform_once(form, publish_now)):
        return done
    state = readiness(policy)
    form.draft_version.data = str(state.text.version)
    published = form.problem.extra.get("published") if form.problem else None
    return form_page(
        "drafting/publish.html",
        form,
        policy=policy,
        state=state,
        summary=summary_of(state.outline),
        findings=findings_of(state.outline, state.citations),
        published=published,
        forecast_url=f"{url_for('drafting.edit', slug=slug)}/forecast",
    )
