"""How programs come to the answers that are kept: by their token."""

from __future__ import annotations

from wsgiref.types import WSGIEnvironment

from werkzeug.datastructures import Authorization, LanguageAccept
from werkzeug.http import parse_accept_header

from config import Config
from policyforum.accounts.identity import holder_of_bearer
from policyforum.api.limits import Calls
from policyforum.organisation.acting import actor_for
from policyforum.organisation.actor import ANONYMOUS, Actor
from policyforum.web.clock import now
from policyforum.web.door import Visit
from policyforum.web.languages import locale_for_program


class ProgramEntrance:
    """Programs, with a token or without."""

    def __init__(self, config: Config, calls: Calls) -> None:
        self._config = config
        self._calls = calls

    def visit(self, environ: WSGIEnvironment) -> Visit | None:
        """Who comes with this request; None when something has to be seen to first."""
        actor = _actor_of(environ.get("HTTP_AUTHORIZATION"))
        if actor is None:
            return None
        accepted = parse_accept_header(environ.get("HTTP_ACCEPT_LANGUAGE"), LanguageAccept)
        return Visit(
            actor,
            locale_for_program(accepted, actor.locale, self._config),
            is_within_limits=lambda: not self._calls.count(actor, environ),
        )


def _actor_of(header: str | None) -> Actor | None:
    if header is None:
        return ANONYMOUS
    holder = holder_of_bearer(Authorization.from_header(header))
    return actor_for(holder, now()) if holder else None
