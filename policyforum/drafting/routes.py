"""Every address of drafting."""

from __future__ import annotations

from flask import Blueprint

from policyforum.drafting.views import editing, lineage, publishing, saves, starting

blueprint = Blueprint("drafting", __name__)

POLICY = "/policies/<slug>"
DRAFT = f"{POLICY}/draft"
SAVE = f"{DRAFT}/saves/<int:version>"

blueprint.add_url_rule("/policies/new", view_func=starting.new, methods=["GET", "POST"])
blueprint.add_url_rule(DRAFT, view_func=editing.edit, methods=["GET", "POST"])
blueprint.add_url_rule(f"{DRAFT}/file", view_func=editing.replace, methods=["POST"])
blueprint.add_url_rule(f"{DRAFT}/preview", view_func=editing.preview, methods=["POST"])
blueprint.add_url_rule(f"{DRAFT}/fix", view_func=editing.fix, methods=["POST"])
blueprint.add_url_rule(f"{DRAFT}/source", view_func=editing.source)
blueprint.add_url_rule(f"{DRAFT}/origins", view_func=lineage.origins)
blueprint.add_url_rule(
    f"{DRAFT}/origins/<int:position>", view_func=lineage.origin, methods=["GET", "POST"]
)
blueprint.add_url_rule(f"{DRAFT}/saves", view_func=saves.saves)
blueprint.add_url_rule(SAVE, view_func=saves.save)
blueprint.add_url_rule(f"{SAVE}/restore", view_func=saves.restore, methods=["POST"])
blueprint.add_url_rule(f"{POLICY}/publish", view_func=publishing.publish, methods=["GET", "POST"])
