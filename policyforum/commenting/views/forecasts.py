"""Before publishing: what becomes of every discussion, and saying where one will stand."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from policyforum.commenting.causes import cause_words
from policyforum.commenting.forecasting import PLANNED, Foresight
from policyforum.commenting.forms import PlanForm
from policyforum.commenting.models import PLACEMENT_STATES, Thread
from policyforum.commenting.planning import PlanData, forget_plan, plan_place
from policyforum.commenting.proposing import Candidates
from policyforum.commenting.queries import thread_by_id, thread_view
from policyforum.db.session import transaction
from policyforum.organisation.current import current_actor
from policyforum.policies.models import Policy
from policyforum.policies.permissions import may_draft
from policyforum.policies.queries import current_revision, policy_by_slug
from policyforum.text.headings import title_beside
from policyforum.text.sections import Section
from policyforum.web.access import roles
from policyforum.web.clock import now
from policyforum.web.form_pages import SEE_OTHER, form_page, perform_once, require, wants_fragment
from policyforum.web.problems import NotFound


@roles("drafter")
def forecast(slug: str) -> str:
    """What would become of every discussion if the draft were published now."""
    actor = current_actor()
    policy = policy_by_slug(slug, actor)
    if not may_draft(actor, policy):
        raise NotFound
    foresight = Foresight(policy)
    in_short = foresight.in_short()
    if wants_fragment():
        return render_template(
            "commenting/_forecast.html", policy=policy, forecast=in_short, cause_words=cause_words
        )
    state = request.args.get("state", "")
    if state not in (*PLACEMENT_STATES, PLANNED):
        state = ""
    return render_template(
        "commenting/forecast.html",
        policy=policy,
        forecast=in_short,
        state=state,
        page=foresight.page(state, request.args.get("cursor", "")),
        cause_words=cause_words,
    )


@roles("drafter")
def plan(public_id: str) -> ResponseReturnValue:
    """Say where a discussion will stand in the revision to come."""
    actor = current_actor()
    thread = thread_by_id(public_id, actor)
    policy = thread.policy
    require(may_draft(actor, policy))
    current_revision(policy)  # before the first there is nothing to carry over
    if request.method == "POST" and request.form.get("as") in ("gone", "recognised"):
        return _settle(thread, is_gone=request.form["as"] == "gone")
    foresight = Foresight(policy)
    foreseen = foresight.of(thread)
    if foreseen is None:
        raise NotFound
    sections = foresight.lineage.outline.sections
    form = PlanForm(
        version=foresight.lineage.text.version,
        section="" if foreseen.position is None else str(foreseen.position),
        exact=foreseen.words if foreseen.has_words else foreseen.quote,
    )
    form.section.offer((str(one.position), _named(one)) for one in sections)

    def note() -> str:
        plan_place(thread, actor, form.version_seen, form.to_data(), now())
        return _told(policy)

    if form.validate_on_submit() and (done := perform_once(form, note)):
        return done
    form.version.data = str(foresight.lineage.text.version)
    return form_page(
        "commenting/plan.html",
        form,
        policy=policy,
        thread=thread_view(thread, actor, 0),
        foreseen=foreseen,
        candidates=Candidates(
            foresight.lineage.new, lambda one: str(one.section.position)
        ).for_thread(thread),
        cause_words=cause_words,
    )


def _named(section: Section) -> str:
    title = title_beside(section.label, section.heading)
    return f"{section.label} {title}".strip() or _("Before the first heading")


def _settle(thread: Thread, *, is_gone: bool) -> ResponseReturnValue:
    """Say that the words will be gone, or leave the place to the program again."""
    actor = current_actor()
    with transaction():
        if is_gone:
            seen = PlanForm().version_seen
            plan_place(thread, actor, seen, PlanData(None), now())
        else:
            forget_plan(thread, actor)
    return redirect(_told(thread.policy), SEE_OTHER)


def _told(policy: Policy) -> str:
    flash(_("Noted. It counts when the revision is published."), "success")
    return url_for("commenting.forecast", slug=policy.slug)
