"""The worksheet, one contribution on it, and an item's own page."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from policyforum.commenting.models import Thread
from policyforum.commenting.queries import thread_by_id
from policyforum.consolidation import gathering, services
from policyforum.consolidation.causes import raised_in
from policyforum.consolidation.drawing_up import draw_up as draw_up_draft
from policyforum.consolidation.forms import DisposeForm, GatherForm, LinkForm
from policyforum.consolidation.gathered import gathered_in
from policyforum.consolidation.items import answer_to, dispositions_of, item_by_id
from policyforum.consolidation.linking import link_by_hand
from policyforum.consolidation.listing import VIEWS, Sifting
from policyforum.consolidation.matter import Matter, matter_of, reworded
from policyforum.consolidation.models import FeedbackItem
from policyforum.consolidation.queries import changes_of
from policyforum.consolidation.settling import count_waiting, threads_of
from policyforum.consolidation.summaries import summary_shown
from policyforum.consolidation.telling import told_of
from policyforum.consolidation.wordings import agreed_wordings
from policyforum.consolidation.worksheet import Worksheet, worksheet
from policyforum.organisation.current import current_actor
from policyforum.policies.asked import number_asked, policy_of_drafter
from policyforum.policies.kept import policy_page
from policyforum.policies.models import Policy, Revision
from policyforum.policies.permissions import may_draft
from policyforum.policies.queries import (
    current_revision,
    latest_round,
    revision_by_number,
    sections_of,
)
from policyforum.web.access import everyone, roles
from policyforum.web.clock import now
from policyforum.web.form_pages import form_page, perform_once, require
from policyforum.web.forms import Form
from policyforum.web.problems import NotFound
from policyforum.web.texts import LONGEST_SEARCH, require_storable

SHEET = "consolidation/worksheet.html"


@roles("drafter")
def sheet(slug: str) -> ResponseReturnValue:
    """Every contribution to a revision, by section, with what is still open."""
    is_ours = not any(request.args.get(name) for name in ("section", "q", "cursor"))
    return policy_page(slug, partial(_sheet, slug), narrowed=_asked(), is_ours=is_ours)


def _sheet(slug: str) -> str:
    policy = policy_of_drafter(slug)
    revision = _revision_asked(policy)
    found = worksheet(revision, _sifting(), request.args.get("cursor", ""))
    form = GatherForm(formdata=None)
    return render_template(SHEET, form=form, **_around(policy, revision, found, form, None))


@roles("drafter")
def gather(slug: str) -> ResponseReturnValue:
    """Make one item of the contributions picked, to be answered together."""
    policy = policy_of_drafter(slug)
    revision = _revision_asked(policy)
    form = GatherForm()

    def make_item() -> str:
        data = form.to_data(revision.number)
        item = gathering.gather(policy, current_actor(), data, now())
        flash(_("They are item %(number)s now. Decide on it once for all.", number=item.number))
        first = threads_of(item)[0].public_id
        return url_for("consolidation.contribution", slug=slug, thread_id=first, **_asked())

    if form.validate_on_submit() and (done := perform_once(form, make_item)):
        return done
    found = worksheet(revision, _sifting(), request.args.get("cursor", ""))
    return _page(policy, revision, found, form)


@roles("drafter")
def contribution(slug: str, thread_id: str) -> ResponseReturnValue:
    """One contribution: decide on it, alone or with those like it, and answer."""
    policy = policy_of_drafter(slug)
    thread = _thread_of(policy, thread_id)
    matter = matter_of(thread, current_actor())
    form = DisposeForm()

    def decide() -> str:
        _decide(policy, thread, matter, form)
        following = worksheet(thread.revision, _sifting()).next_waiting(thread_id)
        flash(_("Contribution %(number)s is decided.", number=matter.thread.number), "success")
        if following is None:
            return url_for("consolidation.worksheet", slug=slug, **_asked())
        return url_for("consolidation.contribution", slug=slug, thread_id=following, **_asked())

    if form.validate_on_submit() and (done := perform_once(form, decide)):
        return done
    if not form.is_submitted():
        form.prefill(matter)
    found = worksheet(thread.revision, _sifting(), request.args.get("cursor", ""))
    return _page(policy, thread.revision, found, form, matter)


@roles("drafter")
def preview(slug: str, thread_id: str) -> ResponseReturnValue:
    """The wording being typed as changes to the words it stands for: a part of the panel."""
    policy = policy_of_drafter(slug)
    thread = _thread_of(policy, thread_id)
    wording = request.form.get("wording", "")
    require_storable("wording", wording)
    spans = reworded(thread, wording[: services.LONGEST_REASON]) if wording.strip() else ()
    return render_template("consolidation/_preview.html", spans=spans)


@roles("drafter")
def draw_up(slug: str) -> ResponseReturnValue:
    """Put the wordings agreed on into the working draft."""
    policy = policy_of_drafter(slug)
    form = Form()

    def put_in() -> str:
        for words, category in told_of(policy, draw_up_draft(policy, current_actor(), now())):
            flash(words, category)
        return url_for("consolidation.worksheet", slug=slug)

    if form.validate_on_submit() and (done := perform_once(form, put_in)):
        return done
    found = worksheet(_revision_asked(policy), _sifting())
    return _page(policy, _revision_asked(policy), found, form)


@everyone
def item(item_id: str) -> ResponseReturnValue:
    """An item for everybody: who raised it, what was decided and why, what it changed."""
    return _item_page(item_by_id(item_id, current_actor()), LinkForm(formdata=None))


@roles("drafter")
def link(item_id: str) -> ResponseReturnValue:
    """Say which section of the current revision an item changed."""
    found = item_by_id(item_id, current_actor())
    require(may_draft(current_actor(), found.policy))
    revision = found.policy.current_revision
    if revision is None:
        raise NotFound
    form = LinkForm()
    form.section.choices = _section_choices(revision)

    def join() -> str:
        link_by_hand(found, current_actor(), revision, form.section.data or "", now())
        flash(_("The change is linked."), "success")
        return url_for("consolidation.item", item_id=item_id)

    if form.validate_on_submit() and (done := perform_once(form, join)):
        return done
    return _item_page(found, form)


def _thread_of(policy: Policy, thread_id: str) -> Thread:
    thread = thread_by_id(thread_id, current_actor())
    if thread.policy_id != policy.id:
        raise NotFound
    return thread


def _revision_asked(policy: Policy) -> Revision:
    """The revision named in the address; else the current one."""
    number = number_asked()
    return current_revision(policy) if number is None else revision_by_number(policy, number)


def _sifting() -> Sifting:
    view = request.args.get("show", "all")
    return Sifting(
        view=view if view in VIEWS else "all",
        section=request.args.get("section", ""),
        words=request.args.get("q", "")[:LONGEST_SEARCH],
    )


def _asked() -> dict[str, Any]:
    """What the list is narrowed to, to be kept in links."""
    asked = {
        "revision": number_asked(),
        "show": _sifting().view if request.args.get("show") else None,
        **{name: request.args.get(name) for name in ("section", "q", "cursor")},
    }
    return {name: value for name, value in asked.items() if value not in (None, "")}


def _decide(policy: Policy, thread: Thread, matter: Matter, form: DisposeForm) -> None:
    actor, moment, data = current_actor(), now(), form.to_data(matter)
    if matter.item is None:
        services.dispose_threads(policy, actor, form.to_feedback(matter), data, moment)
        return
    if form.similar.data:
        gathering.add_threads(matter.item, actor, form.similar.data, moment)
    services.dispose(matter.item, actor, data, moment, seen=form.known())


def _page(
    policy: Policy,
    revision: Revision,
    found: Worksheet,
    form: Form,
    matter: Matter | None = None,
) -> ResponseReturnValue:
    return form_page(SHEET, form, **_around(policy, revision, found, form, matter))


def _around(
    policy: Policy, revision: Revision, found: Worksheet, form: Form, matter: Matter | None
) -> dict[str, Any]:
    """What the worksheet's template takes beside the form."""
    is_current = revision.id == policy.current_revision_id
    return {
        "policy": policy,
        "revision": revision,
        "consultation": latest_round(revision),
        "sheet": found,
        "sifting": _sifting(),
        "asked": _asked(),
        "matter": matter,
        "waiting": count_waiting(revision),
        "wordings": len(agreed_wordings(policy)) if is_current else 0,
        "is_current": is_current,
        "is_under_way": policy.withdrawn_at is None,
        "gather_form": form if isinstance(form, GatherForm) else GatherForm(formdata=None),
        "plain_form": form if type(form) is Form else Form(formdata=None),
    }


def _item_page(found: FeedbackItem, form: LinkForm) -> ResponseReturnValue:
    revision = found.policy.current_revision
    may_work = may_draft(current_actor(), found.policy) and found.policy.withdrawn_at is None
    may_link = may_work and revision is not None
    is_later = revision is not None and revision.number > found.revision.number
    if may_link and is_later and revision is not None and not form.section.choices:
        form.section.choices = _section_choices(revision)
    return form_page(
        "consolidation/item.html",
        form,
        item=found,
        summary=summary_shown(found.summary, list(gathered_in([found.id]))),
        policy=found.policy,
        raised=raised_in([found.id])[found.id],
        dispositions=dispositions_of(found),
        answer=answer_to(found),
        changes=changes_of([found.id]).get(found.id, []),
        may_link=may_link and is_later,
        may_dispose=may_work,
    )


def _section_choices(revision: Revision) -> list[tuple[str, str]]:
    return [
        (row.section.key, f"{row.label} {row.heading}".strip())
        for row in sections_of(revision.id)
        if row.label
    ]
