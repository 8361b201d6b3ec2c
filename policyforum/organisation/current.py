"""Who is behind the current request."""

from __future__ import annotations

from flask import Flask, g, request

from policyforum.accounts.identity import holder_of_request
from policyforum.organisation.acting import actor_for
from policyforum.organisation.actor import ANONYMOUS, Actor
from policyforum.organisation.roles import role_name
from policyforum.web.clock import now

NOBODY_ASKED = ("healthz", "readyz", "metrics")
"""Endpoints that are the same for everyone, so that they need no database to know who asks."""


def identify(app: Flask) -> None:
    """Set `g.actor` before every request; register before the guard of `web.access`."""
    app.jinja_env.filters["role_name"] = role_name

    @app.before_request
    def load_actor() -> None:
        g.actor = ANONYMOUS
        if request.endpoint not in NOBODY_ASKED:
            holder = holder_of_request()
            g.actor = actor_for(holder, now()) if holder else ANONYMOUS


def current_actor() -> Actor:
    """The actor of this request; nobody while it is not known, as on pages of early refusals."""
    actor: Actor = g.get("actor", ANONYMOUS)
    return actor
