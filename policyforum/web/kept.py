"""Pages kept ready: rendered and compressed once, sent to everybody they are the same for.

A view names what its page depends on (`kept_page`); while that stays the same, the page is not put
together again, and a browser that has it is told so before anything is read. What differs from
answer to answer (the CSRF token, the reader's name) is a hole in the page, filled when it is sent.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import partial

import brotli
from flask import Flask, current_app, g, request, session
from flask_babel import get_locale
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from werkzeug.wrappers import Response

from config import Config
from policyforum import paths
from policyforum.web.spliced import Part, gzipped, joined

EXTENSION = "policyforum.kept"
ROOM = 48 * 1024 * 1024
"""Bytes of pages that each process keeps, compressed forms not counted."""
BESIDES = 4096
"""About what a key and its page weigh besides the text."""
BROTLI_QUALITY = 9
TOKEN = "csrf_token"  # noqa: S105  (a name: also the attribute of `g` where Flask-WTF keeps it)
HTML = "text/html; charset=utf-8"

Filler = Callable[[], str]


@dataclass
class Page:
    """A rendered page: parts, and between them the names of holes."""

    pieces: tuple[Part | str, ...]
    _brotli: bytes | None = field(default=None, init=False)

    @property
    def size(self) -> int:
        """Bytes of memory, about."""
        parts = (len(piece.data) for piece in self.pieces if isinstance(piece, Part))
        return sum(parts, start=BESIDES)

    def brotli(self) -> bytes | None:
        """The whole page, smaller than gzip makes it; only a page without holes has this form."""
        if len(self.pieces) != 1 or not isinstance(self.pieces[0], Part):
            return None
        if self._brotli is None:
            self._brotli = brotli.compress(self.pieces[0].data, quality=BROTLI_QUALITY)
        return self._brotli


class Store:
    """The pages of one process; the longest unused ones make room."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._pages: OrderedDict[Hashable, Page] = OrderedDict()
        self._turns: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Page | None:
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def make(self, key: Hashable, rendered: Callable[[], Page]) -> Page:
        """Keep what `rendered` makes; who wants the same meanwhile waits for it."""
        with self._lock:
            turn = self._turns.setdefault(key, threading.Lock())
        try:
            with turn:
                page = self.get(key)
                if page is None:
                    page = rendered()
                    self._put(key, page)
                return page
        finally:
            with self._lock:
                if self._turns.get(key) is turn:
                    del self._turns[key]

    def _put(self, key: Hashable, page: Page) -> None:
        with self._lock:
            replaced = self._pages.pop(key, None)
            self._room += (replaced.size if replaced else 0) - page.size
            self._pages[key] = page
            while self._room < 0 and len(self._pages) > 1:
                _key, oldest = self._pages.popitem(last=False)
                self._room += oldest.size


@dataclass
class Kept:
    """What an application keeps: its pages, how holes are filled, and what marks them.

    `told`: holes that a reader looks at, so that another filling makes another page.
    """

    build: str
    store: Store = field(default_factory=lambda: Store(ROOM))
    fillers: dict[str, Filler] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    mark: str = field(default_factory=lambda: f"hole-{secrets.token_hex(12)}-")


def register(app: Flask, config: Config) -> None:
    """Let pages be kept; templates get `hole(name)`."""
    app.extensions[EXTENSION] = Kept(_build(config), fillers={TOKEN: generate_csrf})
    app.jinja_env.globals["hole"] = hole


def fill(app: Flask, name: str, filler: Filler, *, is_read: bool = False) -> None:
    """Say what goes into the holes of this name: safe HTML, for text and for attributes.

    `is_read`: people look at it, so that a browser's copy with another filling is out of date.
    """
    _kept(app).fillers[name] = filler
    _kept(app).told.extend([name] * is_read)


def hole(name: str) -> Markup:
    """What differs from answer to answer, in a page that may be kept."""
    kept = _kept(current_app)
    filling = kept.mark + name + ";" if "is_kept" in g else kept.fillers[name]()
    return Markup(filling)  # noqa: S704  (fillers give safe HTML)


def kept_page(
    depends_on: Hashable, render: Callable[[], str], *, content_type: str = HTML
) -> Response:
    """The page that `render` makes, or what is kept of it.

    `depends_on`: everything that decides what is on the page, but for the holes, the language and
    the program itself. What was flashed is said once, so such an answer is never kept.
    """
    if "_flashes" in session:
        return Response(render(), content_type=content_type)
    kept = _kept(current_app)
    key = (kept.build, str(get_locale()), request.endpoint, depends_on)
    tag = _tag(kept, key)
    if tag in request.if_none_match.as_set(include_weak=True):
        answer = Response(status=304)
    else:
        page = kept.store.get(key) or kept.store.make(key, partial(_rendered, render, kept.mark))
        answer = _body(page, kept.fillers)
        answer.content_type = content_type
        tag = _tag(kept, key)  # the first token of a session is made when it is first filled in
    answer.set_etag(tag, weak=True)
    answer.vary.add("Accept-Encoding")
    return answer


def _body(page: Page, fillers: Mapping[str, Filler]) -> Response:
    offered = request.accept_encodings
    pieces = [
        piece if isinstance(piece, Part) else str(fillers[piece]()).encode()
        for piece in page.pieces
    ]
    if offered["br"] and (packed := page.brotli()) is not None:
        body, encoding = packed, "br"
    elif offered["gzip"]:
        body, encoding = gzipped(pieces), "gzip"
    else:
        body, encoding = joined(pieces), ""
    answer = Response(body)
    if encoding:
        answer.content_encoding = encoding
    return answer


def _rendered(render: Callable[[], str], mark: str) -> Page:
    """Render with marks in place of what differs, and cut the page there."""
    g.is_kept = True
    held, g.csrf_token = g.get(TOKEN), mark + TOKEN + ";"
    try:
        first, *others = render().split(mark)
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
    return Page(tuple(pieces))


def _tag(kept: Kept, key: Hashable) -> str:
    """What a browser tells its copy by: a copy with tokens of another session is another page."""
    told = repr((key, session.get(TOKEN), [kept.fillers[name]() for name in kept.told]))
    return hashlib.blake2b(told.encode(), digest_size=12).hexdigest()


def _build(config: Config) -> str:
    """Names this program: another one makes other pages of the same things."""
    digest = hashlib.blake2b(config.timezone.encode(), digest_size=12)
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


def _kept(app: Flask) -> Kept:
    kept: Kept = app.extensions[EXTENSION]
    return kept
