"""The leader's page, the decision, and the drafters' advice."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from policyforum.decisions import services
from policyforum.decisions.briefing import brief_on
from policyforum.decisions.charts import bar_rows, heat_groups, rate_words
from policyforum.decisions.forms import DecisionForm, RecommendationForm
from policyforum.organisation.current import current_actor
from policyforum.policies.asked import policy_of_drafter
from policyforum.policies.kept import policy_page
from policyforum.policies.models import Policy
from policyforum.policies.permissions import may_decide, may_draft, may_oversee
from policyforum.policies.queries import current_revision, policy_by_slug, revision_by_number
from policyforum.web.access import roles
from policyforum.web.clock import now
from policyforum.web.form_pages import form_page, perform_once, require
from policyforum.web.forms import Form
from policyforum.web.problems import Closed

BRIEF = "decisions/brief.html"


@roles("leader", "drafter", "auditor")
def brief(slug: str) -> ResponseReturnValue:
    """One page to decide on; drafters and auditors see it too."""
    narrowed = {"table": 1 if request.args.get("table") else None}
    return policy_page(slug, partial(_brief, slug), narrowed=narrowed)


def _brief(slug: str) -> str:
    policy = policy_by_slug(slug, current_actor())
    require(may_oversee(current_actor(), policy))
    form = DecisionForm(formdata=None)
    return render_template(BRIEF, form=form, **_around(policy, form))


@roles("leader")
def decide(slug: str) -> ResponseReturnValue:
    """Approve or return the revision in view."""
    policy = policy_by_slug(slug, current_actor())
    require(may_decide(current_actor(), policy))
    form = DecisionForm()
    revision = revision_by_number(policy, form.number(current_revision(policy).number))

    def put_down() -> str:
        services.decide(policy, revision, current_actor(), form.to_data(), now())
        flash(_("Your decision is recorded and everyone can read it."), "success")
        return url_for("decisions.brief", slug=slug)

    if form.validate_on_submit() and (done := perform_once(form, put_down)):
        return done
    return _page(policy, form)


@roles("drafter")
def recommend(slug: str) -> ResponseReturnValue:
    """Advise the leader on the current revision."""
    policy = policy_of_drafter(slug)
    form = RecommendationForm()

    def advise() -> str:
        text = form.text.data or ""
        services.recommend(policy, current_revision(policy), current_actor(), text, now())
        flash(_("The recommendation stands on the leader's page."), "success")
        return url_for("decisions.brief", slug=slug)

    if form.validate_on_submit() and (done := perform_once(form, advise)):
        return done
    return _page(policy, form)


def _page(policy: Policy, sent: Form) -> ResponseReturnValue:
    return form_page(BRIEF, sent, **_around(policy, sent))


def _around(policy: Policy, sent: Form) -> dict[str, Any]:
    """What the leader's page takes beside the form that was sent, or the one to decide with."""
    actor, revision = current_actor(), current_revision(policy)
    found = brief_on(policy, revision)
    decision_form = sent if isinstance(sent, DecisionForm) else DecisionForm(formdata=None)
    decision_form.revision.data = str(revision.number)
    advice_form = sent if isinstance(sent, RecommendationForm) else _advice_form()
    if not isinstance(sent, RecommendationForm) and found.recommendation is not None:
        advice_form.text.data = found.recommendation.text
    undecided = found.decision is None and policy.withdrawn_at is None
    return {
        "policy": policy,
        "brief": found,
        "hindrance": _hindrance(policy),
        "heat_groups": heat_groups(found.standing),
        "bar_rows": bar_rows(found.bodies),
        "rate_words": rate_words,
        "decision_form": decision_form,
        "advice_form": advice_form,
        "may_decide": may_decide(actor, policy) and undecided,
        "may_advise": may_draft(actor, policy) and undecided,
    }


def _hindrance(policy: Policy) -> str:
    """Why nobody can decide yet, though every contribution is answered; "" when they can."""
    try:
        services.require_heard(policy, now())
    except Closed as problem:
        return problem.detail
    return ""


def _advice_form() -> RecommendationForm:
    return RecommendationForm(formdata=None)
