"""Every address of exports."""

from __future__ import annotations

from flask import Blueprint

from policyforum.exports import views

blueprint = Blueprint("exports", __name__)

blueprint.add_url_rule("/policies/<slug>/feedback.csv", view_func=views.feedback_csv)
blueprint.add_url_rule("/policies/<slug>/feedback.json", view_func=views.feedback_json)
