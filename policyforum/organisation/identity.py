"""Who is behind the current request."""

from __future__ import annotations

from flask import Flask, g

from policyforum.accounts.identity import account_of_request
from policyforum.organisation.actor import ANONYMOUS, Actor
from policyforum.organisation.queries import actor_for
from policyforum.web.clock import now


def identify(app: Flask) -> None:
    """Set `g.actor` before every request; register before the guard of `web.access`."""

    @app.before_request
    def load_actor() -> None:
        account = account_of_request()
        g.actor = actor_for(account, now()) if account else ANONYMOUS


def current_actor() -> Actor:
    """The actor of this request."""
    actor: Actor = g.actor
    return actor
