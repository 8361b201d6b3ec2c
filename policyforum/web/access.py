"""Access is refused unless an endpoint declares who may come in.

The declaration lets in only; what an actor may do with a particular policy or thread is asked
of the packages' `permissions`, after it was loaded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response

View = TypeVar("View", bound=Callable[..., Any])

ATTRIBUTE = "policyforum_access"
PROGRAMS = "/api/"


class Visitor(Protocol):
    """Whoever asks."""

    @property
    def is_signed_in(self) -> bool: ...

    def has_role(self, *roles: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Access:
    """`signed_in`: not for anonymous visitors. `roles`: one of these is needed, if any is named."""

    signed_in: bool = False
    roles: tuple[str, ...] = ()

    def admits(self, visitor: Visitor) -> bool:
        """Whether this visitor may come in."""
        if self.signed_in and not visitor.is_signed_in:
            return False
        return not self.roles or visitor.has_role(*self.roles)


def everyone(view: View) -> View:
    """Declare an endpoint open to anyone, signed in or not."""
    return _declare(view, Access())


def signed_in(view: View) -> View:
    """Declare an endpoint open to any signed-in person."""
    return _declare(view, Access(signed_in=True))


def roles(*names: str) -> Callable[[View], View]:
    """Declare an endpoint open to people who hold one of these roles anywhere."""
    return lambda view: _declare(view, Access(signed_in=True, roles=names))


def declared_access(endpoint_view: Callable[..., Any]) -> Access | None:
    """What an endpoint declares, or None: then nobody gets in."""
    access: Access | None = getattr(endpoint_view, ATTRIBUTE, None)
    return access


def _declare(view: View, access: Access) -> View:
    setattr(view, ATTRIBUTE, access)
    return view


def guard(app: Flask) -> None:
    """Ask before every request is carried out."""
    app.before_request(_check)


def is_for_programs() -> bool:
    """Whether the current request calls the API: a program with a token, no browser."""
    return request.path.startswith(PROGRAMS)


def access_of_request() -> Access:
    """What the endpoint of the current request declares; 403 if nothing."""
    access = declared_access(current_app.view_functions[request.endpoint or ""])
    if access is None:
        abort(403)
    return access


def _check() -> Response | None:
    if request.endpoint is None:
        return None  # no such page: the router answers 404
    access = access_of_request()
    visitor: Visitor = g.actor
    if access.admits(visitor):
        return None
    if not visitor.is_signed_in and is_for_programs():
        raise Unauthorized(www_authenticate=WWWAuthenticate("bearer"))
    if not visitor.is_signed_in and request.method in ("GET", "HEAD"):
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
    return abort(403)
