"""Before publishing: where each section of the draft comes from, and saying it better."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from policyforum.drafting.ancestry import (
    Candidate,
    candidates_for,
    origins_of,
    reason_words,
    title_of,
    without_successor,
    words_inside,
)
from policyforum.drafting.forms import (
    AS_RECOGNISED,
    NEW_SECTION,
    OTHER,
    OriginForm,
    version_of,
)
from policyforum.drafting.origins import Lineage, choose_origin, lineage_of
from policyforum.drafting.queries import policy_to_draft
from policyforum.organisation.current import current_actor
from policyforum.policies.models import Policy
from policyforum.web.access import roles
from policyforum.web.clock import now
from policyforum.web.form_pages import form_page, perform_once
from policyforum.web.formats import number
from policyforum.web.paging import decode_cursor, page_of
from policyforum.web.problems import NotFound

PAGE = 50


@roles("drafter")
def origins(slug: str) -> str:
    """What each section of the draft continues, how sure that is, and why."""
    policy = policy_to_draft(slug, current_actor())
    lineage = _lineage(policy)
    is_whole = request.args.get("show") == "all"
    every = origins_of(lineage)
    shown = [origin for origin in every if is_whole or not origin.is_plain]
    after = decode_cursor(request.args.get("cursor", ""), (int,))
    rest = [origin for origin in shown if after is None or origin.position > int(after[0])]
    return render_template(
        "drafting/origins.html",
        policy=policy,
        page=page_of(rest[: PAGE + 1], PAGE, lambda origin: [origin.position]),
        is_whole=is_whole,
        is_first=after is None,
        totals=(len(every), sum(not origin.is_plain for origin in every)),
        gone=[entry.section for entry in without_successor(lineage)],
        reason_words=reason_words,
        title_of=title_of,
    )


@roles("drafter")
def origin(slug: str, position: int) -> ResponseReturnValue:
    """One section of the draft, and the earlier ones it may continue."""
    policy = policy_to_draft(slug, current_actor())
    lineage = _lineage(policy)
    if position >= len(lineage.outline.sections):
        raise NotFound
    found = origins_of(lineage)[position]
    candidates = candidates_for(lineage, position)
    form = OriginForm(version=lineage.text.version)
    _offer(form, lineage, position, candidates)

    def choose() -> str:
        choose_origin(policy, current_actor(), version_of(form.version), position, form.key, now())
        flash(_("Its origin is noted. It counts when the revision is published."), "success")
        return url_for("drafting.origins", slug=slug)

    if form.validate_on_submit() and (done := perform_once(form, choose)):
        return done
    form.version.data = str(lineage.text.version)
    return form_page(
        "drafting/origin.html",
        form,
        policy=policy,
        origin=found,
        words=words_inside(lineage.outline.sections, position),
        candidates={candidate.key: candidate for candidate in candidates},
        reason_words=reason_words,
    )


def _offer(form: OriginForm, lineage: Lineage, position: int, candidates: list[Candidate]) -> None:
    kind = lineage.outline.sections[position].kind
    keys = {candidate.key for candidate in candidates}
    others = [
        (entry.key, " ".join((entry.section.label, title_of(entry.section))).strip())
        for entry in lineage.old
        if entry.section.kind == kind and entry.key not in keys
    ]
    choices = [
        (AS_RECOGNISED, _recognised(lineage, position)),
        *((one.key, _in_short(one)) for one in candidates),
        (NEW_SECTION, _("None: it is a new section")),
    ]
    if others:
        choices.append((OTHER, _("Another section")))
    chosen = lineage.chosen.get(position)
    form.offer(choices, others, AS_RECOGNISED if chosen is None else chosen or NEW_SECTION)
    if chosen and chosen not in keys and not form.is_submitted():
        form.origin.data, form.other.data = OTHER, chosen


def _recognised(lineage: Lineage, position: int) -> str:
    """What the program says; while a drafter says otherwise, that is not known."""
    entry = lineage.carried.sections[position]
    known = {one.key: one.section.label for one in lineage.old}.get(entry.key)
    if known is None or position in lineage.chosen:
        return _("What the program recognises")
    return _("What the program recognises: %(label)s", label=known)


def _in_short(candidate: Candidate) -> str:
    share = _("%(percent)s%% of the words in common", percent=number(round(candidate.share * 100)))
    return f"{candidate.label} {candidate.heading}".strip() + f", {share}"


def _lineage(policy: Policy) -> Lineage:
    """`NotFound` before the first revision, when nothing comes from anywhere."""
    if policy.current_revision_id is None:
        raise NotFound
    return lineage_of(policy)
