"""What every page shows around its content: who is here, and where they may go."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import Flask, request, url_for
from flask_babel import gettext as _

from policyforum.organisation.actor import Actor
from policyforum.organisation.identity import current_actor


class NavItem(NamedTuple):
    """One entry of the main menu; `waiting` is how much waits for the person there."""

    label: str
    url: str
    current: bool
    waiting: int
    icon: str


def register(app: Flask) -> None:
    @app.context_processor
    def around() -> dict[str, Any]:
        actor = current_actor()
        return {"current_actor": actor, "nav_items": nav_items(actor)}


def nav_items(actor: Actor) -> list[NavItem]:
    """The main menu for this person."""
    return [
        NavItem(_("Home"), url_for("reading.home"), request.endpoint == "reading.home", 0, "home"),
    ]
