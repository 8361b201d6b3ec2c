"""Any two revisions compared."""

from __future__ import annotations

from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from policyforum.organisation.current import current_actor
from policyforum.policies.kept import policy_page
from policyforum.policies.queries import current_revision, policy_by_slug, revisions_of
from policyforum.reading.causes import reasons_for
from policyforum.reading.comparing import RevisionName, compared
from policyforum.reading.since import last_read
from policyforum.web.access import everyone, signed_in
from policyforum.web.form_pages import SEE_OTHER
from policyforum.web.problems import NotFound


@everyone
def changes(slug: str, before: int, after: int) -> ResponseReturnValue:
    """What changed from one revision to another, word by word, and why."""
    view = _view_asked()
    make = partial(_changes, slug, before, after, view)
    return policy_page(slug, make, narrowed={"view": view})


def _changes(slug: str, before: int, after: int, view: str | None) -> str:
    policy = policy_by_slug(slug, current_actor())
    revisions = revisions_of(policy)
    known = {revision.number: revision for revision in revisions}
    if before not in known or after not in known:
        raise NotFound
    old, new = known[before], known[after]
    comparison = compared(RevisionName(old.id, old.public_id), RevisionName(new.id, new.public_id))
    return render_template(
        "reading/changes.html",
        policy=policy,
        revisions=revisions,
        before=old,
        after=new,
        comparison=comparison,
        reasons=reasons_for(comparison, revisions, before, after),
        side=view is not None,
    )


@everyone
def choose_changes(slug: str) -> ResponseReturnValue:
    """From the two menus to the comparison's own address; at first, the newest step."""
    policy = policy_by_slug(slug, current_actor())
    newest = current_revision(policy).number
    before = request.args.get("before", max(newest - 1, 1), type=int)
    after = request.args.get("after", newest, type=int)
    return redirect(
        url_for("reading.changes", slug=slug, before=before, after=after, view=_view_asked())
    )


@signed_in
def changes_since_read(slug: str) -> ResponseReturnValue:
    """From the revision the reader read last, as far as is known, to the newest."""
    actor = current_actor()
    policy = policy_by_slug(slug, actor)
    newest = current_revision(policy).number
    since = last_read(policy, actor)
    if since is None:
        flash(_("It is not known what you read before. These are the newest changes."), "info")
        return redirect(url_for("reading.choose_changes", slug=slug), SEE_OTHER)
    return redirect(url_for("reading.changes", slug=slug, before=since, after=newest), SEE_OTHER)


def _view_asked() -> str | None:
    return "side" if request.args.get("view") == "side" else None
