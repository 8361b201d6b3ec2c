"""Every address of accounts."""

from __future__ import annotations

from flask import Blueprint

from policyforum.accounts import views

blueprint = Blueprint("accounts", __name__)

for rule, view, methods in (
    ("/sign-in", views.sign_in, ("GET", "POST")),
    ("/sign-out", views.sign_out, ("POST",)),
    ("/language", views.language, ("POST",)),
    ("/language", views.visitor_language, ("GET",)),
    ("/account", views.account, ("GET",)),
    ("/account/password", views.password, ("GET", "POST")),
    ("/account/sessions", views.sessions, ("GET",)),
    ("/account/sessions/end-others", views.end_other_sessions, ("POST",)),
    ("/account/sessions/<public_id>/end", views.end_session, ("POST",)),
    ("/account/tokens", views.tokens, ("GET", "POST")),
    ("/account/tokens/<public_id>/revoke", views.revoke_token, ("POST",)),
):
    blueprint.add_url_rule(rule, view_func=view, methods=methods)
