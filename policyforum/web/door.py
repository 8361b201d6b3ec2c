"""The door: hands out pages that are kept, before the framework is troubled.

Where an address was answered from what is kept, the next caller is asked the same things here: who
they are, whether they may come in, and what the page depends on for them. All that is out of the
ordinary (nothing kept, a session to renew, something to tell, a failure) goes on to the
application, whose answers are the same but for their cost (decision 16).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple, Protocol
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import structlog
from flask import Flask, g
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.exc import SQLAlchemyError

from policyforum.web.access import Visitor
from policyforum.web.clock import now
from policyforum.web.handout import UNCHANGED, Answer, Filling, Requested, whole
from policyforum.web.headers import standing_headers
from policyforum.web.kept import TOKEN, Kept, Recipe, kept_by
from policyforum.web.problems import Problem
from policyforum.web.store import Latest

MOST_TOKENS = 4096

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who asks for a page, and the language they are answered in.

    `token`: of a browser's session, for forms. `is_within_limits`: asked last, it may count.
    """

    reader: Visitor
    locale: str
    token: str | None = None
    is_within_limits: Callable[[], bool] = lambda: True


class Entrance(Protocol):
    """One way to come in."""

    def visit(self, environ: WSGIEnvironment) -> Visit | None:
        """Who comes with this request; None when something has to be seen to first."""


class Entrances(NamedTuple):
    """The two ways in: pages know only cookies, the API only tokens."""

    people: Entrance
    programs: Entrance


def open_door(app: Flask, entrances: Entrances, *, https: bool) -> None:
    """Put the door in front of the application."""
    app.wsgi_app = Door(app, entrances, https=https)  # type: ignore[method-assign]


class Door:
    """A WSGI application in front of another."""

    def __init__(self, app: Flask, entrances: Entrances, *, https: bool) -> None:
        self._app = app
        self._behind: WSGIApplication = app.wsgi_app
        self._entrances = entrances
        self._standing = list(standing_headers(https=https).items())
        # As Flask-WTF signs them; they hold as long as the session.
        self._signer = URLSafeTimedSerializer(str(app.secret_key), salt="wtf-csrf-token")
        self._signed: Latest[str, str] = Latest(MOST_TOKENS)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = self._kept_answer(environ) if environ["REQUEST_METHOD"] == "GET" else None
        if answer is None:
            return self._behind(environ, start_response)
        start_response(answer.status, [*answer.headers, *self._standing])
        return [answer.body]

    def _kept_answer(self, environ: WSGIEnvironment) -> Answer | None:
        asked = Requested.by(environ)
        kept = kept_by(self._app)
        recipe = kept.recipes.get((asked.path, asked.query))
        if recipe is None:
            return None
        people, programs = self._entrances
        entrance = programs if recipe.is_for_programs else people
        with self._app.app_context():
            try:
                visit = entrance.visit(environ)
                return self._answer(kept, recipe, asked, visit) if visit else None
            except (Problem, SQLAlchemyError):
                return None  # not for them, or not now: the application says so
            except Exception:
                log.exception("door")
                return None

    def _answer(self, kept: Kept, recipe: Recipe, asked: Requested, visit: Visit) -> Answer | None:
        if not recipe.access.admits(visit.reader):
            return None
        g.actor = visit.reader
        key = kept.key(asked, visit.locale, recipe.depends_on(visit.reader, now()))
        page = kept.store.get(key)
        if page is None or (visit.token is None and page.has_hole(TOKEN)):
            return None
        filling = Filling({**kept.fillers, TOKEN: lambda: self._signed_token(visit.token or "")})
        tag = kept.tag(recipe, key, filling, visit.token)
        if not visit.is_within_limits():
            return None
        if asked.holds(tag):
            return UNCHANGED.tagged(tag)
        return whole(page, filling, asked, recipe.headers).tagged(tag)

    def _signed_token(self, token: str) -> str:
        signed = self._signed.get(token)
        if signed is None:
            signed = str(self._signer.dumps(token))
            self._signed.put(token, signed)
        return signed
