"""Every address of commenting."""

from __future__ import annotations

from flask import Blueprint

from policyforum.commenting.views import comments, forecasts, placements, threads

blueprint = Blueprint("commenting", __name__)

BOTH = ["GET", "POST"]
REVISION = "/policies/<slug>/revisions/<int:number>"
THREAD = "/threads/<public_id>"
COMMENT = "/comments/<public_id>"

add = blueprint.add_url_rule
add(f"{REVISION}/threads", view_func=threads.threads)
add(f"{REVISION}/threads/new", view_func=threads.new, methods=BOTH)
add(f"{THREAD}/replies", view_func=comments.reply, methods=BOTH)
add(f"{THREAD}/stance", view_func=comments.endorse, methods=["POST"])
add(f"{COMMENT}/edit", view_func=comments.edit, methods=BOTH)
add(f"{COMMENT}/withdraw", view_func=comments.withdraw, methods=["POST"])
add(f"{COMMENT}/versions", view_func=comments.versions)
add(f"{COMMENT}/hide", view_func=comments.hide, methods=BOTH)
add(f"{COMMENT}/show", view_func=comments.show, methods=BOTH)
add("/policies/<slug>/placements", view_func=placements.placements)
add(f"{THREAD}/place", view_func=placements.place, methods=BOTH)
add("/policies/<slug>/draft/forecast", view_func=forecasts.forecast)
add(f"{THREAD}/plan", view_func=forecasts.plan, methods=BOTH)
