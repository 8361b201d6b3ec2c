"""How browsers come to the pages that are kept: by the cookie of their session, or without one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from wsgiref.types import WSGIEnvironment

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.sansio.http import parse_cookie

from config import Config
from policyforum.accounts.identity import LOGIN_KEY, settled_holder
from policyforum.organisation.acting import actor_for
from policyforum.organisation.actor import ANONYMOUS, Actor
from policyforum.web.clock import now
from policyforum.web.door import Visit
from policyforum.web.kept import FLASHED, TOKEN
from policyforum.web.languages import locale_of
from policyforum.web.store import Latest

MOST_COOKIES = 4096


class _Read(NamedTuple):
    """What a cookie held; it was signed by us and says the same for ever."""

    session: Mapping[str, Any]
    signed_at: datetime


class BrowserEntrance:
    """People, and visitors."""

    def __init__(self, app: Flask, config: Config) -> None:
        self._config = config
        self._cookie = app.config["SESSION_COOKIE_NAME"]
        self._longest = app.permanent_session_lifetime
        self._cookies = _cookies_of(app)
        self._read: Latest[str, _Read] = Latest(MOST_COOKIES)

    def visit(self, environ: WSGIEnvironment) -> Visit | None:
        """Who comes with this request; None when something has to be seen to first."""
        session = self._session(environ)
        actor = _actor_of(session)
        if actor is None or FLASHED in session:
            return None
        locale = locale_of(session, actor.locale, self._config)
        return Visit(actor, locale, session.get(TOKEN))

    def _session(self, environ: WSGIEnvironment) -> Mapping[str, Any]:
        cookie = parse_cookie(environ.get("HTTP_COOKIE", "")).get(self._cookie)
        if not cookie:
            return {}
        read = self._read.get(cookie)
        if read is None or not timedelta(0) <= now() - read.signed_at <= self._longest:
            read = self._opened(cookie)
        return read.session

    def _opened(self, cookie: str) -> _Read:
        try:
            session, signed_at = self._cookies.loads(
                cookie, max_age=int(self._longest.total_seconds()), return_timestamp=True
            )
        except BadSignature:
            return _Read({}, now())
        read = _Read(session, signed_at)
        self._read.put(cookie, read)
        return read


def _cookies_of(app: Flask) -> URLSafeTimedSerializer:
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    if serializer is None:
        raise RuntimeError("cookies are signed with the secret key, and there is none")
    return serializer


def _actor_of(session: Mapping[str, Any]) -> Actor | None:
    token = session.get(LOGIN_KEY)
    if token is None:
        return ANONYMOUS
    holder = settled_holder(token)
    return actor_for(holder, now()) if holder else None
