"""Every address of reading."""

from __future__ import annotations

from flask import Blueprint

from policyforum.reading import views

blueprint = Blueprint("reading", __name__)

blueprint.add_url_rule("/", view_func=views.home)
