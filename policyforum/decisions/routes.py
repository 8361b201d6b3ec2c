"""Every address of decisions."""

from __future__ import annotations

from flask import Blueprint

from policyforum.decisions import views

blueprint = Blueprint("decisions", __name__)

DECISION = "/policies/<slug>/decision"

blueprint.add_url_rule(DECISION, view_func=views.brief, methods=["GET"])
blueprint.add_url_rule(DECISION, view_func=views.decide, methods=["POST"])
blueprint.add_url_rule(f"{DECISION}/recommendation", view_func=views.recommend, methods=["POST"])
