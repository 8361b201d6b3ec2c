"""How browsers come to the pages that are kept: by the cookie of their session, or without one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from wsgiref.types import WSGIEnvironment

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadSignature
from werkzeug.http import parse_cookie

from config import Config
from policyforum.accounts.identity import LOGIN_KEY, settled_holder
from policyforum.organisation.acting import actor_for
from policyforum.organisation.actor import ANONYMOUS, Actor
from policyforum.web.clock import now
from policyforum.web.door import Visit
from policyforum.web.kept import TOKEN
from policyforum.web.languages import locale_of

FLASHED = "_flashes"


class BrowserEntrance:
    """People, and visitors."""

    def __init__(self, app: Flask, config: Config) -> None:
        self._config = config
        self._cookie = app.config["SESSION_COOKIE_NAME"]
        self._longest = int(app.permanent_session_lifetime.total_seconds())
        self._cookies = SecureCookieSessionInterface().get_signing_serializer(app)

    def visit(self, environ: WSGIEnvironment) -> Visit | None:
        """Who comes with this request; None when something has to be seen to first."""
        session = self._session(environ)
        actor = _actor_of(session)
        if actor is None or FLASHED in session:
            return None
        locale = locale_of(session, actor.locale, self._config)
        return Visit(actor, locale, session.get(TOKEN))

    def _session(self, environ: WSGIEnvironment) -> Mapping[str, Any]:
        cookie = parse_cookie(environ.get("HTTP_COOKIE")).get(self._cookie)
        if not cookie or self._cookies is None:
            return {}
        try:
            session: Mapping[str, Any] = self._cookies.loads(cookie, max_age=self._longest)
        except BadSignature:
            return {}
        return session


def _actor_of(session: Mapping[str, Any]) -> Actor | None:
    token = session.get(LOGIN_KEY)
    if token is None:
        return ANONYMOUS
    holder = settled_holder(token)
    return actor_for(holder, now()) if holder else None
