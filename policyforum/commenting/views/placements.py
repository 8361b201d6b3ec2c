"""Placing contributions for which the program found no sure place."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from policyforum.commenting.causes import cause_words
from policyforum.commenting.forms import PlaceForm
from policyforum.commenting.models import Thread
from policyforum.commenting.passages import QuoteData, passage_in
from policyforum.commenting.placing import place_by_hand
from policyforum.commenting.proposing import Candidates
from policyforum.commenting.queries import (
    placement_queue,
    thread_by_id,
    thread_view,
    waiting_for_a_place,
)
from policyforum.commenting.sections import section_choices, words_placed
from policyforum.db.session import transaction
from policyforum.organisation.current import current_actor
from policyforum.policies.asked import policy_of_drafter
from policyforum.policies.models import Policy, Revision
from policyforum.policies.permissions import may_draft
from policyforum.policies.queries import current_revision, keyed_sections
from policyforum.web.access import roles
from policyforum.web.clock import now
from policyforum.web.form_pages import SEE_OTHER, form_page, perform_once, require
from policyforum.web.problems import Stale


@roles("drafter")
def placements(slug: str) -> str:
    """The queue of contributions without a sure place in the current revision."""
    actor = current_actor()
    policy = policy_of_drafter(slug)
    revision = current_revision(policy)
    page = placement_queue(policy, revision, actor, request.args.get("cursor", ""))
    found = _candidates(revision)
    return render_template(
        "commenting/placements.html",
        policy=policy,
        revision=revision,
        page=page,
        waiting=waiting_for_a_place(revision.id),
        words=words_placed(revision.id, page.items),
        candidates={one.id: found.for_words(one.quote) for one in page.items if one.quote},
        cause_words=cause_words,
    )


@roles("drafter")
def place(public_id: str) -> ResponseReturnValue:
    """Say where a contribution stands now: confirmed, elsewhere, or really gone."""
    actor = current_actor()
    thread = thread_by_id(public_id, actor)
    require(may_draft(actor, thread.policy))
    revision = current_revision(thread.policy)
    if request.method == "POST" and request.form.get("as") in ("proposed", "gone"):
        return _settle(thread, revision, is_gone=request.form["as"] == "gone")
    shown = thread_view(thread, actor, 0)
    words = words_placed(revision.id, [shown])[shown.id]
    marked = words if shown.placement.start is not None else shown.quote
    form = PlaceForm(section=shown.section_key or "", exact=marked)
    form.section.offer(section_choices(revision.id))

    def move() -> str:
        exact = (form.exact.data or "").strip()
        quote = QuoteData(exact) if exact else None
        found = passage_in(revision.id, form.section.data, quote)
        place_by_hand(thread, revision, actor, form.section.data, found.start, found.end, now())
        return _placed(thread.policy)

    if form.validate_on_submit() and (done := perform_once(form, move)):
        return done
    return form_page(
        "commenting/place.html",
        form,
        policy=thread.policy,
        revision=revision,
        thread=shown,
        words=words,
        candidates=_candidates(revision).for_thread(thread),
        cause_words=cause_words,
    )


def _candidates(revision: Revision) -> Candidates:
    return Candidates(keyed_sections(revision.id), lambda entry: entry.key)


def _settle(thread: Thread, revision: Revision, *, is_gone: bool) -> ResponseReturnValue:
    """Confirm what the program proposed, or that the words are gone: as the drafter saw it."""
    actor = current_actor()
    shown = thread_view(thread, actor, 0)
    section, proposed = shown.section_key or "", shown.placement
    seen = (request.form.get("revision"), request.form.get("section"))
    if seen != (str(revision.number), section) or not (section or is_gone):
        raise Stale(
            _("The proposed place changed"),
            _(
                "A new revision was published, or another drafter placed it."
                " Look again before you confirm it."
            ),
        )
    with transaction():
        if is_gone:
            place_by_hand(thread, revision, actor, None, None, None, now())
        else:
            place_by_hand(thread, revision, actor, section, proposed.start, proposed.end, now())
    return redirect(_placed(thread.policy), SEE_OTHER)


def _placed(policy: Policy) -> str:
    flash(_("Its place is recorded."), "success")
    return url_for("commenting.placements", slug=policy.slug)
