"""Pages to contribute on, and the discussions of a section."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from policyforum.commenting.faces import ThreadView
from policyforum.commenting.filters import ThreadFilter
from policyforum.commenting.forms import ThreadForm
from policyforum.commenting.gates import require_open
from policyforum.commenting.models import PLACEMENT_STATES, THREAD_STATES
from policyforum.commenting.opening import ReadyThread, enter_thread, ready_thread
from policyforum.commenting.passages import subtree_of
from policyforum.commenting.permissions import rights_on
from policyforum.commenting.queries import can_go_on_at, threads_page
from policyforum.commenting.sections import section_shown
from policyforum.organisation.current import current_actor
from policyforum.policies.briefing import brief_at, revision_brief
from policyforum.policies.kept import policy_page
from policyforum.policies.models import Policy, Revision
from policyforum.policies.queries import policy_by_slug, revision_by_number
from policyforum.text.anchors import locate
from policyforum.web.access import everyone, signed_in
from policyforum.web.clock import now
from policyforum.web.form_pages import form_page, perform_ready_once, wants_fragment
from policyforum.web.paging import Page
from policyforum.web.problems import Closed, NotFound, Stale

WHOLE_DOCUMENT = "document"


@everyone
def threads(slug: str, number: int) -> ResponseReturnValue:
    """The discussions of a section (or of the whole document), newest first."""
    cursor = request.args.get("cursor") or None
    is_ours = cursor is None or can_go_on_at(_revision_id(slug, number), cursor)
    narrowed = {**_narrowed(), "cursor": cursor}
    return policy_page(slug, partial(_threads, slug, number), narrowed=narrowed, is_ours=is_ours)


def _threads(slug: str, number: int) -> str:
    actor = current_actor()
    policy = policy_by_slug(slug, actor)
    revision = revision_by_number(policy, number)
    key = request.args.get("section", "")
    section = section_shown(revision.id, key) if key not in ("", WHOLE_DOCUMENT) else None
    if section is None and key not in ("", WHOLE_DOCUMENT):
        raise NotFound
    page = threads_page(
        policy,
        revision,
        actor,
        ThreadFilter(
            section_key=section.key if section else None,
            whole_document=key == WHOLE_DOCUMENT,
            placement=_known("placement", PLACEMENT_STATES),
            state=_known("state", THREAD_STATES),
        ),
        request.args.get("cursor", ""),
        newest_first=True,
    )
    return render_template(
        "commenting/threads.html",
        policy=policy,
        revision=revision,
        section=section,
        whole_document=key == WHOLE_DOCUMENT,
        page=page,
        next_url=_next_url(page),
        rights=rights_on(policy, revision.number, actor, now()),
    )


def _revision_id(slug: str, number: int) -> int:
    return revision_brief(brief_at(slug, current_actor()), number).id


@signed_in
def new(slug: str, number: int) -> ResponseReturnValue:
    """Write a contribution; what can't be taken comes back with everything typed."""
    actor = current_actor()
    form = ThreadForm(section=request.args.get("section", ""))

    def prepare() -> ReadyThread:
        return ready_thread(brief_at(slug, actor), number, actor, form.to_data(), now())

    def post(ready: ReadyThread) -> str:
        opened = enter_thread(ready, now())
        flash(
            _("Thank you. Your contribution is in, as number %(number)s.", number=opened.number),
            "success",
        )
        place = f"thread={opened.public_id}#t-{opened.public_id}"
        return f"/policies/{slug}/revisions/{number}?{place}"

    if form.validate_on_submit() and (done := perform_ready_once(form, prepare, post)):
        return done
    policy = policy_by_slug(slug, actor)
    revision = revision_by_number(policy, number)
    if request.method == "GET":
        try:
            require_open(policy, revision.id, actor, form.section.data or None, now())
        except (Closed, Stale) as problem:
            page = render_template(
                "commenting/shut.html", policy=policy, revision=revision, problem=problem
            )
            return page, problem.status
    return _new_page(policy, revision, form)


def _new_page(policy: Policy, revision: Revision, form: ThreadForm) -> ResponseReturnValue:
    """The form, beside the words it is about: after a newer revision came, beside those."""
    overtaken: dict[str, Any] | None = None
    number, key, revision_id = revision.number, form.section.data or "", revision.id
    if isinstance(form.problem, Stale) and "current" in form.problem.extra:
        overtaken = form.problem.extra["current"]
        number, key = overtaken["revision"], overtaken["section"] or ""
        revision_id = policy.current_revision_id or revision.id
        overtaken = {**overtaken, "lost_quote": _move(form, revision_id, key)}
    section = section_shown(revision_id, key) if key else None
    if key and section is None:
        raise NotFound
    return form_page(
        "commenting/new.html",
        form,
        policy=policy,
        number=number,
        section=section,
        overtaken=overtaken,
        send_to=url_for("commenting.new", slug=policy.slug, number=number),
        in_dialog=wants_fragment(),
    )


def _move(form: ThreadForm, revision_id: int, key: str) -> str:
    """Turn the form towards a section of the current revision ("": the document).

    → marked words that are no longer in it.
    """
    exact = form.exact.data or ""
    form.section.data = key
    text = "".join(part.text for part in subtree_of(revision_id, key)) if key else ""
    if not exact or locate(text, exact, form.prefix.data or "", form.suffix.data or ""):
        form.start.data = ""
        return ""
    form.exact.data = form.prefix.data = form.suffix.data = form.start.data = ""
    return exact


def _known(name: str, values: tuple[str, ...]) -> str | None:
    value = request.args.get(name, "")
    return value if value in values else None


def _next_url(page: Page[ThreadView]) -> str | None:
    if page.next is None:
        return None
    places: dict[str, Any] = request.view_args or {}
    return url_for("commenting.threads", **places, **_narrowed(), cursor=page.next)


def _narrowed() -> dict[str, Any]:
    """What the list is narrowed to, for links."""
    return {
        "section": request.args.get("section") or None,
        "placement": _known("placement", PLACEMENT_STATES),
        "state": _known("state", THREAD_STATES),
    }
