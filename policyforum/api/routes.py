"""Every call of the API, version 1, and the page that explains it."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Blueprint

from policyforum.api import (
    audit,
    comments,
    decisions,
    docs,
    drafts,
    feedback,
    me,
    policies,
    record,
    revisions,
    rounds,
    threads,
)

# The document is written from what the calls declare, see `document`.
blueprint = APIBlueprint("api", __name__, url_prefix="/api/v1", enable_openapi=False)
pages = Blueprint("api_docs", __name__)

POLICY = "/policies/<slug>"
REVISION = f"{POLICY}/revisions/<int:number>"

get, post = blueprint.get, blueprint.post

get("/me")(me.show_me)

get("/policies")(policies.list_policies)
post("/policies")(policies.create_policy)
get(POLICY)(policies.show_policy)
get(f"{POLICY}/draft")(drafts.show_draft)
blueprint.put(f"{POLICY}/draft")(drafts.save_whole_draft)

get(f"{POLICY}/revisions")(revisions.list_revisions)
post(f"{POLICY}/revisions")(revisions.publish_revision)
get(REVISION)(revisions.show_revision)
get(f"{REVISION}/source")(revisions.show_source)
post(f"{REVISION}/round")(rounds.open_new_round)
blueprint.patch(f"{REVISION}/round")(rounds.update_round)
get(f"{POLICY}/changes/<int:before>..<int:after>")(revisions.show_changes)

get(f"{REVISION}/threads")(threads.list_threads)
post(f"{REVISION}/threads")(threads.open_new_thread)
get("/threads/<thread_id>")(threads.show_thread)
get("/threads/<thread_id>/placements")(threads.list_placements)
post("/threads/<thread_id>/comments")(comments.post_comment)
blueprint.patch("/comments/<comment_id>")(comments.update_comment)
blueprint.delete("/comments/<comment_id>")(comments.delete_comment)

post(f"{POLICY}/feedback")(feedback.create_feedback)
blueprint.put("/feedback/<item_id>/disposition")(feedback.set_disposition)
get(f"{POLICY}/matrix")(feedback.show_matrix)
post(f"{POLICY}/decisions")(decisions.create_decision)
get(f"{POLICY}/audit")(audit.list_audit)
get("/record/heads")(record.list_heads)
get("/record/consistency")(record.show_consistency)
get("/record/inclusion")(record.show_inclusion)

pages.add_url_rule("/api", "docs", docs.show_docs)
pages.add_url_rule("/api/v1/docs", "lead_to_docs", docs.lead_to_docs)
pages.add_app_template_filter(docs.type_in_words, "api_type")
pages.add_app_template_filter(docs.words_with_code, "api_words")
