"""What every page shows around its content: who is here, and where they may go."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import Flask, current_app, g, request, url_for
from flask_babel import gettext as _
from markupsafe import escape
from sqlalchemy.exc import SQLAlchemyError

from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.organisation.current import current_actor
from policyforum.policies.models import Policy
from policyforum.policies.permissions import may_audit, may_draft, may_oversee
from policyforum.reading.kinds import policy_kind
from policyforum.reading.queries import (
    MOST_UNREAD,
    Surroundings,
    comments_on,
    surroundings,
    unread_of,
)
from policyforum.reading.titles import subject_of, title_of
from policyforum.web.kept import fill

NAME = "name"
READER = "reader"
UNREAD = "unread"
"""Holes in the frame of a page: who is reading, also for scripts, and how much waits for them."""


class NavItem(NamedTuple):
    """One entry of the main menu; `waits`: the hole for how much waits for the person there."""

    label: str
    url: str
    current: bool
    icon: str
    waits: str


class Tab(NamedTuple):
    """One of the pages of a policy; `number` stands beside its name."""

    label: str
    url: str
    current: bool
    number: int | None


def register(app: Flask) -> None:
    """Give every template the main menu and what it shows around a page."""

    fill(app, NAME, lambda: escape(current_actor().name), is_read=True)
    fill(app, READER, lambda: current_actor().public_id)
    fill(app, UNREAD, _unread, is_read=True)

    @app.context_processor
    def around() -> dict[str, Any]:
        actor = current_actor()
        return {
            "current_actor": actor,
            "nav_items": nav_items(actor),
            "agency_name": surroundings_here().agency,
        }

    app.jinja_env.globals.update(
        this_address=_this_address,
        policy_tabs=policy_tabs,
        policy_kind=policy_kind,
        policy_title=title_of,
        subject_of=subject_of,
    )


def nav_items(actor: Actor) -> list[NavItem]:
    """The main menu for this person; asks the database nothing."""
    items = [
        _item(_("Home"), "reading.home", "home"),
        _item(_("Policies"), "reading.policies", "list", inside="/policies"),
    ]
    if actor.is_signed_in:
        items.append(_item(_("My comments"), "reading.mine", "chat"))
        items.append(_item(_("Inbox"), "notifications.inbox", "bell", waits=UNREAD))
    if actor.has_role("drafter"):
        items.append(_item(_("New policy"), "drafting.new", "pen"))
    if actor.has_role("admin"):
        items.append(_item(_("Administration"), "admin.home", "group", inside="/admin"))
    return items


def policy_tabs(policy: Policy, current: str) -> list[Tab]:
    """The pages of a policy this visitor may open; `current` is the endpoint being shown."""
    actor: Actor = g.actor
    revision = policy.current_revision
    pages: list[tuple[str, str, dict[str, Any]]] = []
    spoken = comments_on(revision.id) if revision else 0
    if revision is not None:
        pages.append((_("Text"), "reading.revision", {"number": revision.number}))
        if revision.number > 1:
            pair = {"before": revision.number - 1, "after": revision.number}
            pages.append((_("Changes"), "reading.changes", pair))
        pages.append((_("Comments"), "reading.feedback", {}))
        pages.append((_("History"), "reading.history", {}))
    if may_draft(actor, policy):
        pages.append((_("Draft"), "drafting.edit", {}))
        if revision is not None:
            pages.append((_("Consolidation"), "consolidation.worksheet", {}))
    if revision is not None and may_oversee(actor, policy):
        pages.append((_("Decision"), "decisions.brief", {}))
    if may_audit(actor, policy):
        pages.append((_("Audit record"), "reading.audit", {}))
    return [
        Tab(
            label,
            url_for(endpoint, slug=policy.slug, **values),
            endpoint == current,
            spoken if endpoint == "reading.feedback" else None,
        )
        for label, endpoint, values in pages
    ]


def know(found: Surroundings) -> None:
    """What lies around the current page, where it was found out together with something else."""
    g.surroundings = found


def surroundings_here() -> Surroundings:
    """What a page's frame asks of the database, once; nothing when it does not answer.

    Pages that tell of a failure have a frame too: it must not fail for the same reason.
    """
    if "surroundings" not in g:
        try:
            g.surroundings = surroundings(g.actor) if "actor" in g else Surroundings()
        except SQLAlchemyError:
            db.session.rollback()
            g.surroundings = Surroundings()
    known: Surroundings = g.surroundings
    return known


def _unread() -> str:
    number = _number_unread(current_actor())
    told = f"{MOST_UNREAD - 1}+" if number >= MOST_UNREAD else str(number)
    return f' <span class="n-act">{told}</span>' if number else ""


def _number_unread(actor: Actor) -> int:
    if not actor.is_signed_in:
        return 0
    return surroundings_here().unread if "surroundings" in g else unread_of(actor)


def _this_address() -> str:
    """The address of this page, to come back to; what only takes forms lies below one to read."""
    adapter = current_app.create_url_adapter(request)
    path = request.path
    if adapter is not None and request.method not in ("GET", "HEAD"):
        while path and not adapter.test(path, "GET"):
            path = path.rpartition("/")[0]
    return request.full_path.rstrip("?") if path == request.path else path or "/"


def _item(label: str, endpoint: str, icon: str, *, inside: str = "", waits: str = "") -> NavItem:
    """`inside`: pages below this address belong to the entry, unless they have one of their own."""
    here = request.endpoint == endpoint
    below = bool(inside) and request.path.startswith(f"{inside}/")
    own = request.endpoint == "drafting.new"
    return NavItem(label, url_for(endpoint), here or (below and not own), icon, waits)
