"""Every address of consolidation."""

from __future__ import annotations

from flask import Blueprint

from policyforum.consolidation import views
from policyforum.consolidation.outcomes import outcome_icon, outcome_word

blueprint = Blueprint("consolidation", __name__)
blueprint.add_app_template_filter(outcome_word)
blueprint.add_app_template_filter(outcome_icon)

SHEET = "/policies/<slug>/worksheet"

blueprint.add_url_rule(SHEET, endpoint="worksheet", view_func=views.sheet)
blueprint.add_url_rule(f"{SHEET}/items", view_func=views.gather, methods=["POST"])
blueprint.add_url_rule(
    f"{SHEET}/<thread_id>", view_func=views.contribution, methods=["GET", "POST"]
)
blueprint.add_url_rule(f"{SHEET}/<thread_id>/preview", view_func=views.preview, methods=["POST"])
blueprint.add_url_rule("/policies/<slug>/draw-up", view_func=views.draw_up, methods=["POST"])
blueprint.add_url_rule("/feedback/<item_id>", view_func=views.item)
blueprint.add_url_rule("/feedback/<item_id>/changes", view_func=views.link, methods=["POST"])
