"""Every address of policies."""

from __future__ import annotations

from flask import Blueprint

from policyforum.policies import views

blueprint = Blueprint("policies", __name__)

ROUND = "/policies/<slug>/revisions/<int:number>/round"

blueprint.add_url_rule(
    "/policies/<slug>/settings", view_func=views.settings, methods=["GET", "POST"]
)
blueprint.add_url_rule("/policies/<slug>/withdraw", view_func=views.withdraw, methods=["POST"])
blueprint.add_url_rule(ROUND, view_func=views.round, methods=["GET", "POST"])
blueprint.add_url_rule(f"{ROUND}/change", view_func=views.change_round, methods=["POST"])
blueprint.add_url_rule(
    "/policies/<slug>/revisions/<int:number>/read", view_func=views.read, methods=["POST"]
)
