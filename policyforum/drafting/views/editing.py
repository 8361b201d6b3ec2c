"""The drafter's desk: writing, with the structure and a preview beside."""

from __future__ import annotations

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from policyforum.db.session import transaction
from policyforum.drafting.correcting import Corrected, corrected
from policyforum.drafting.findings import entries_of, findings_of, summary_of
from policyforum.drafting.forms import DraftForm, ReplaceForm, version_of
from policyforum.drafting.incoming import from_field, in_field
from policyforum.drafting.queries import (
    current_source,
    others_since,
    policy_to_draft,
    working_text,
)
from policyforum.drafting.readiness import citations_gone_wrong
from policyforum.drafting.services import checked_source, keep_aside, save_merged
from policyforum.organisation.current import current_actor
from policyforum.policies.models import Policy
from policyforum.text import layout
from policyforum.text.fixes import Fix, applied
from policyforum.text.sections import split
from policyforum.web.access import roles
from policyforum.web.clock import now
from policyforum.web.form_pages import SEE_OTHER, refuse, wants_fragment
from policyforum.web.formats import clock
from policyforum.web.forms import Form
from policyforum.web.measures import takes_texts
from policyforum.web.problems import Forbidden, Invalid, NotFound, Problem, Stale


@roles("drafter")
@takes_texts
def edit(slug: str) -> ResponseReturnValue:
    """The working draft; a save answers in JSON to the script that saves while typing."""
    policy = policy_to_draft(slug, current_actor())
    if request.method == "GET":
        return _desk(policy, _form_in_force(policy))
    form = DraftForm()
    if not form.validate():
        return _refused(policy, form, form)
    source = from_field(form.source.data or "", current_source(policy))
    return _save(policy, source, version_of(form.version), form)


@roles("drafter")
@takes_texts
def replace(slug: str) -> ResponseReturnValue:
    """Put a file in the place of the whole draft."""
    policy = policy_to_draft(slug, current_actor())
    form = ReplaceForm()
    try:
        source = form.file.text() if form.validate() else None
    except Problem as problem:
        refuse(form, problem)
        source = None
    if source is None:
        if not form.errors:
            form.file.errors = [_("Choose a file first.")]
        return _refused(policy, _form_in_force(policy), form)
    return _save(policy, source, version_of(form.version), form)


@roles("drafter")
@takes_texts
def preview(slug: str) -> ResponseReturnValue:
    """What was typed as it would be read; alone for the script, else with the editor."""
    policy = policy_to_draft(slug, current_actor())
    form = DraftForm()
    try:
        checked_source(form.source.data or "")
    except Invalid as problem:
        refuse(form, problem)
        return _refused(policy, form, form)
    if not wants_fragment():
        return _desk(policy, form, with_preview=True)
    wanted = request.form.get("with_preview") == "1"
    return render_template("drafting/_beside.html", **_beside(policy, form, wanted))


@roles("drafter")
@takes_texts
def fix(slug: str) -> ResponseReturnValue:
    """Correct what was found in the text as it was typed; nothing is saved by it."""
    policy = policy_to_draft(slug, current_actor())
    form = DraftForm()
    try:
        source = in_field(checked_source(form.source.data or ""))
        outline = split(source)
        findings = findings_of(outline, citations_gone_wrong(policy, outline))
        fixes = _still_there(findings.fixes(request.form.get("fix", "")))
    except Problem as problem:
        refuse(form, problem)
        return _refused(policy, form, form)
    told = corrected(source, fixes)
    form.source.data = applied(source, fixes)
    if _wants_json():
        return jsonify(source=form.source.data, message=told.message)
    return _desk(policy, form, told=told)


@roles("drafter")
def source(slug: str) -> ResponseReturnValue:
    """The draft in force, exactly, as a file."""
    policy = policy_to_draft(slug, current_actor())
    answer = Response(
        current_source(policy).encode("utf-8"), content_type="text/markdown; charset=utf-8"
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="{policy.slug}.md"'
    return answer


def _still_there(fixes: list[Fix]) -> list[Fix]:
    if not fixes:
        raise Stale(
            _("The text was changed"),
            _("These words were changed since, so nothing was corrected. The list is fresh now."),
        )
    return fixes


def _save(policy: Policy, source: str, version: int, form: Form) -> ResponseReturnValue:
    actor = current_actor()
    try:
        with transaction():
            save_merged(policy, actor, source, version, now())
    except (Forbidden, NotFound):
        raise
    except Stale as stale:
        with transaction():
            keep_aside(policy, actor, source, version, now())
        return _conflict(policy, version, stale)
    except Problem as problem:
        refuse(form, problem)
        shown = form if isinstance(form, DraftForm) else _form_in_force(policy)
        return _refused(policy, shown, form)
    return _saved(policy, source, version)


def _saved(policy: Policy, sent: str, version: int) -> ResponseReturnValue:
    text = working_text(policy)
    merged = text.source != sent
    message = _("Saved.")
    if merged:
        names = _names_of_others(policy, version)
        message = _("Saved, together with what %(names)s wrote meanwhile.", names=names)
    if not _wants_json():
        flash(message, "success")
        return redirect(url_for("drafting.edit", slug=policy.slug), SEE_OTHER)
    return jsonify(
        version=text.version,
        saved=_("Saved %(time)s", time=clock(text.save.saved_at)),
        source=text.source if merged else None,
        message=message if merged else None,
    )


def _conflict(policy: Policy, version: int, stale: Stale) -> ResponseReturnValue:
    names = _names_of_others(policy, version)
    if _wants_json():
        detail = _(
            "%(names)s changed the same words. Nothing is lost: compare both wordings.",
            names=names,
        )
        return jsonify(message=detail, conflict=True), stale.status
    form = DraftForm(
        formdata=None,
        source=stale.extra["merged"]["source"],
        version=stale.extra["current"]["version"],
    )
    page = render_template(
        "drafting/conflict.html",
        policy=policy,
        form=form,
        names=names,
        conflicts=stale.extra["merged"]["conflicts"],
    )
    return page, stale.status


def _names_of_others(policy: Policy, version: int) -> str:
    names = others_since(policy, version, current_actor())
    return "; ".join(names) or _("yourself in another window")


def _refused(policy: Policy, shown: DraftForm, refused: Form) -> ResponseReturnValue:
    status = refused.problem.status if refused.problem else 422
    if _wants_json():
        messages = [message for errors in refused.errors.values() for message in errors]
        return jsonify(message=" ".join(map(str, messages))), status
    replacing = refused if isinstance(refused, ReplaceForm) else None
    return _desk(policy, shown, replacing=replacing), status


def _desk(
    policy: Policy,
    form: DraftForm,
    *,
    replacing: ReplaceForm | None = None,
    with_preview: bool = False,
    told: Corrected | None = None,
) -> str:
    text = working_text(policy)
    return render_template(
        "drafting/edit.html",
        form=form,
        text=text,
        is_saved=in_field(form.source.data or "") == in_field(text.source),
        told=told,
        replace_form=replacing or ReplaceForm(formdata=None, version=text.version),
        **_beside(policy, form, with_preview),
    )


def _beside(policy: Policy, form: DraftForm, with_preview: bool) -> dict[str, object]:
    """What stands beside the editor: structure, doubts and, if asked for, the text as read."""
    # A text that is refused, by its size say, stays in its field and is not taken apart.
    outline = split("" if form.source.errors else in_field(form.source.data or ""))
    keys = [str(section.position) for section in outline.sections]
    return {
        "policy": policy,
        "summary": summary_of(outline),
        "entries": entries_of(outline),
        "findings": findings_of(outline, citations_gone_wrong(policy, outline)),
        "blocks": layout.blocks(outline, keys) if with_preview else None,
    }


def _form_in_force(policy: Policy) -> DraftForm:
    text = working_text(policy)
    return DraftForm(formdata=None, source=text.source, version=text.version)


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"
