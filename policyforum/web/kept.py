"""Pages kept ready: rendered and compressed once, sent to everybody they are the same for.

A view says how to find what its page depends on (`kept_page`); while that stays the same, the page
is not put together again, and a browser that has it is told so before anything is read. What
differs from answer to answer (the CSRF token, the reader's name) is a hole in the page, filled when
it is sent. Once an address was answered, `web.door` answers it, asked the same things again.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import Flask, current_app, g, redirect, request, session
from flask_babel import get_locale
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from werkzeug.wrappers import Response

from config import Config
from policyforum import paths
from policyforum.web.access import Access, access_of_request, is_for_programs
from policyforum.web.clock import now
from policyforum.web.handout import UNCHANGED, Filler, Filling, Headers, Requested, whole
from policyforum.web.spliced import Part
from policyforum.web.store import Latest, Page, Store

EXTENSION = "policyforum.kept"
ROOM = 48 * 1024 * 1024
"""Bytes of pages that each process keeps, compressed forms not counted."""
MOST_ADDRESSES = 4096
LONGEST_ADDRESS = 500
"""Characters; what is asked for by a longer one is not kept."""
FLASHED = "_flashes"
"""Under which Flask keeps in a session what is to be said once."""
TOKEN = "csrf_token"  # noqa: S105  (a name: also the attribute of `g` where Flask-WTF keeps it)
HTML = ("Content-Type", "text/html; charset=utf-8")

DependsOn = Callable[[Any, datetime], Hashable]
"""Given who reads and when: everything that decides what is on a page, but for the address, the
holes, the language and the program itself. Raises `NotFound` where it is not for them."""

Narrowed = Mapping[str, str | int | None]
"""Parameters of an address in the order links name them; None: not asked for."""


class Recipe(NamedTuple):
    """How an address is answered: whom, by which way in, and what the page then depends on."""

    access: Access
    is_for_programs: bool
    depends_on: DependsOn
    headers: Headers


@dataclass
class Kept:
    """What an application keeps: its pages, how they are asked for, how holes are filled.

    `told`: holes that a reader looks at, so that another filling makes another page. `mark`: what
    marks a hole while a page is rendered.
    """

    build: str
    store: Store = field(default_factory=lambda: Store(ROOM))
    recipes: Latest[tuple[str, str], Recipe] = field(default_factory=lambda: Latest(MOST_ADDRESSES))
    fillers: dict[str, Filler] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    mark: str = field(default_factory=lambda: f"hole-{secrets.token_hex(12)}-")

    def key(self, asked: Requested, locale: str, depends_on: Hashable) -> Hashable:
        """What a page is kept under."""
        return self.build, locale, asked.path, asked.query, depends_on

    def tag(self, recipe: Recipe, key: Hashable, filling: Filling, token: str | None) -> str:
        """What a browser tells its copy by; with tokens of another session it is another page."""
        holes = self.told if HTML in recipe.headers else ()
        told = repr((key, token, [filling[name] for name in holes]))
        return hashlib.blake2b(told.encode(), digest_size=12).hexdigest()


def register(app: Flask, config: Config) -> None:
    """Let pages be kept; templates get `hole(name)`."""
    app.extensions[EXTENSION] = Kept(_build(config), fillers={TOKEN: generate_csrf})
    app.jinja_env.globals["hole"] = hole


def fill(app: Flask, name: str, filler: Filler, *, is_read: bool = False) -> None:
    """Say what goes into the holes of this name: safe HTML, for text and for attributes.

    `is_read`: people look at it, so that a browser's copy with another filling is out of date; and
    spaces may follow it.
    """
    kept_by(app).fillers[name] = filler
    kept_by(app).told.extend([name] * is_read)


def hole(name: str) -> Markup:
    """What differs from answer to answer, in a page that may be kept."""
    kept = kept_by(current_app)
    filling = kept.mark + name + ";" if "is_kept" in g else kept.fillers[name]()
    return Markup(filling)  # noqa: S704  (fillers give safe HTML)


def kept_page(
    depends_on: DependsOn,
    render: Callable[[], str],
    *,
    narrowed: Narrowed | None = None,
    is_ours: bool = True,
    headers: Headers = (HTML,),
) -> Response:
    """The page that `render` makes, or what is kept of it.

    `narrowed`: what the address asks for after its question mark, as the view understands it. An
    address that says anything else leads to the one that says just this, or each would be a page
    of its own; programs are answered, and nothing is kept. `is_ours`: whether this is an address
    that we give out; of one that anybody can make up, endlessly, nothing is kept. What was flashed
    is said once, so such an answer is never kept either.
    """
    asked = Requested.by(request.environ)
    query = _query_of(narrowed or {})
    if asked.query != query and not is_for_programs():
        return redirect(f"{request.path}?{query}".rstrip("?"))
    if (
        FLASHED in session
        or not is_ours
        or asked.query != query
        or len(asked.path) + len(asked.query) > LONGEST_ADDRESS
    ):
        return Response(render(), headers=list(headers))
    kept = kept_by(current_app)
    recipe = Recipe(access_of_request(), is_for_programs(), depends_on, headers)
    key = kept.key(asked, str(get_locale()), depends_on(g.actor, now()))
    filling = Filling(kept.fillers)
    tag = kept.tag(recipe, key, filling, session.get(TOKEN))
    if asked.holds(tag):
        answer = UNCHANGED
    else:
        page = kept.store.get(key) or kept.store.make(key, partial(_rendered, render, kept))
        answer = whole(page, filling, asked, headers)
        # The first token of a session is made when it is first filled in.
        tag = kept.tag(recipe, key, filling, session.get(TOKEN))
    kept.recipes.put((asked.path, asked.query), recipe)
    answer = answer.tagged(tag)
    return Response(answer.body, answer.status, answer.headers)


def kept_by(app: Flask) -> Kept:
    """What this application keeps."""
    kept: Kept = app.extensions[EXTENSION]
    return kept


def _query_of(narrowed: Narrowed) -> str:
    return urlencode({name: value for name, value in narrowed.items() if value is not None})


def _rendered(render: Callable[[], str], kept: Kept) -> Page:
    """Render with marks in place of what differs, and cut the page there."""
    g.is_kept = True
    held, g.csrf_token = g.get(TOKEN), kept.mark + TOKEN + ";"
    try:
        first, *others = render().split(kept.mark)
    finally:
        del g.is_kept
        if held is None:
            del g.csrf_token
        else:
            g.csrf_token = held
    pieces: list[Part | str] = [Part(first.encode())]
    for other in others:
        name, _end, rest = other.partition(";")
        pieces += [name, Part(rest.encode())]
    return Page(pieces, frozenset(kept.told))


def _build(config: Config) -> str:
    """Names this program: another one makes other pages of the same things."""
    told = f"{config.timezone} {config.base_url}"
    digest = hashlib.blake2b(told.encode(), digest_size=12)
    made_from = [
        *paths.TEMPLATES.rglob("*.html"),
        *paths.TRANSLATIONS.rglob("*.mo"),
        *paths.PACKAGE.rglob("*.py"),
        paths.STATIC / "build" / "manifest.json",
    ]
    for path in sorted(made_from):
        if path.exists():
            digest.update(path.read_bytes())
    return digest.hexdigest()
