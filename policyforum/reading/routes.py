"""Every address of reading."""

from __future__ import annotations

from flask import Blueprint

from policyforum.reading.views import about, changes, home, record, texts, threads

blueprint = Blueprint("reading", __name__)

POLICY = "/policies/<slug>"
REVISION = f"{POLICY}/revisions/<int:number>"

add = blueprint.add_url_rule
add("/", view_func=home.home)
add("/policies", view_func=home.policies)
add(POLICY, view_func=texts.policy)
add(REVISION, view_func=texts.revision)
add(f"{REVISION}/source", view_func=texts.source)
add(f"{POLICY}/changes", view_func=changes.choose_changes)
add(f"{POLICY}/changes/since-read", view_func=changes.changes_since_read)
add(f"{POLICY}/changes/<int:before>..<int:after>", view_func=changes.changes)
add(f"{POLICY}/history", view_func=record.history)
add(f"{POLICY}/feedback", view_func=record.feedback)
add(f"{POLICY}/audit", view_func=record.audit)
add("/record", view_func=record.heads)
add("/record/heads.txt", view_func=record.heads_text)
add("/threads/<public_id>", view_func=threads.thread)
add("/contributions", view_func=home.mine)
add("/shortcuts", view_func=about.shortcuts)
add("/help", view_func=about.help)
