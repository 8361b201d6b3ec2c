"""A policy's text: the way to it, the page it is read on, its source."""

from __future__ import annotations

from functools import partial

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from policyforum.commenting.forms import ThreadForm
from policyforum.commenting.queries import thread_by_id
from policyforum.organisation.current import current_actor
from policyforum.policies.permissions import may_draft
from policyforum.policies.queries import policy_by_slug, revision_by_number
from policyforum.policies.reads import has_read
from policyforum.reading.glance import glance_at
from policyforum.reading.queries import source_of
from policyforum.reading.revision import text_page
from policyforum.web.access import everyone
from policyforum.web.clock import now
from policyforum.web.kept import kept_page
from policyforum.web.problems import NotFound


@everyone
def policy(slug: str) -> ResponseReturnValue:
    """The current text; before the first, the draft for its drafters."""
    actor = current_actor()
    found = policy_by_slug(slug, actor)
    if found.current_revision is not None:
        number = found.current_revision.number
        return redirect(url_for("reading.revision", slug=slug, number=number))
    if may_draft(actor, found):
        return redirect(url_for("drafting.edit", slug=slug))
    return render_template("reading/unpublished.html", policy=found)


@everyone
def revision(slug: str, number: int) -> ResponseReturnValue:
    """The reading page."""
    wanted = request.args.get("thread", "")
    if wanted and _is_thread(wanted, slug):
        return _revision_page(slug, number, wanted)
    return kept_page(partial(glance_at, slug, number), partial(_revision_page, slug, number))


def _is_thread(wanted: str, slug: str) -> bool:
    try:
        return thread_by_id(wanted, current_actor()).policy.slug == slug
    except NotFound:
        return False


def _revision_page(slug: str, number: int, wanted: str = "") -> str:
    actor = current_actor()
    found = policy_by_slug(slug, actor)
    shown = revision_by_number(found, number)
    page = text_page(found, shown, actor, now(), wanted=wanted)
    form = ThreadForm(formdata=None) if page.rights.may_speak else None
    return render_template(
        "reading/revision.html",
        policy=found,
        revision=shown,
        page=page,
        is_read=has_read(found, shown, actor),
        form=form,
    )


@everyone
def source(slug: str, number: int) -> ResponseReturnValue:
    """The exact text as it was published, byte for byte."""
    found = policy_by_slug(slug, current_actor())
    shown = revision_by_number(found, number)
    answer = make_response()
    answer.content_type = "text/markdown; charset=utf-8"
    answer.headers["Content-Disposition"] = f'inline; filename="{slug}-r{number}.md"'
    answer.set_etag(shown.source_hash)
    if shown.source_hash not in request.if_none_match:
        answer.set_data(source_of(shown).encode("utf-8"))
    return answer.make_conditional(request)
