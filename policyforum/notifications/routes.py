"""Every address of notifications."""

from __future__ import annotations

from flask import Blueprint

from policyforum.notifications import views

blueprint = Blueprint("notifications", __name__)

blueprint.add_url_rule("/inbox", view_func=views.inbox)
blueprint.add_url_rule("/inbox/read", view_func=views.read_all, methods=["POST"])
blueprint.add_url_rule("/inbox/<public_id>", view_func=views.open_line, methods=["POST"])
