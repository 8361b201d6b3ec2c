"""Handing out a kept page: whole, packed as the caller takes it, or as what they hold already."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header, parse_etags

from policyforum.web.spliced import Part, gzipped, joined
from policyforum.web.store import Page

VARY = ("Vary", "Accept-Encoding, Cookie")

Filler = Callable[[], str]
Headers = Sequence[tuple[str, str]]


class Requested(NamedTuple):
    """What a caller says: the address, the copies they hold, how the answer may be packed."""

    path: str
    query: str
    held: str
    packings: tuple[bool, bool]
    """Whether brotli will do, and whether gzip will."""

    @classmethod
    def by(cls, environ: Mapping[str, Any]) -> Requested:
        """The request in this WSGI environment."""
        return cls(
            environ.get("PATH_INFO", ""),
            environ.get("QUERY_STRING", ""),
            environ.get("HTTP_IF_NONE_MATCH", ""),
            _packings(environ.get("HTTP_ACCEPT_ENCODING", "")),
        )

    def holds(self, tag: str) -> bool:
        """Whether the caller's copy carries this tag."""
        return bool(self.held) and tag in parse_etags(self.held).as_set(include_weak=True)


class Filling:
    """What holes are filled with in one answer; each filler is asked once, if at all."""

    def __init__(self, fillers: Mapping[str, Filler]) -> None:
        self._fillers = fillers
        self._known: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        if name not in self._known:
            self._known[name] = str(self._fillers[name]())
        return self._known[name]


class Answer(NamedTuple):
    """A status line, the headers that go with it, and a body."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes

    def tagged(self, tag: str) -> Answer:
        """The same with the tag that tells a copy of it by."""
        return self._replace(headers=[*self.headers, ("ETag", f'W/"{tag}"')])


UNCHANGED = Answer("304 NOT MODIFIED", [VARY], b"")
"""What the caller holds is still good."""


def whole(page: Page, filling: Filling, asked: Requested, headers: Headers) -> Answer:
    """The page with its holes filled. `headers`: what it always carries."""

    def filled(name: str) -> bytes:
        return filling[name].encode()

    def pieces() -> Iterator[Part | bytes]:
        for piece in page.pieces:
            yield piece if isinstance(piece, Part) else filled(piece)

    takes_brotli, takes_gzip = asked.packings
    headers = [*headers, VARY]
    if takes_brotli and (packed := page.brotli(filled)) is not None:
        body, encoding = packed, "br"
    elif takes_gzip:
        body, encoding = gzipped(pieces()), "gzip"
    else:
        body, encoding = joined(pieces()), ""
    if encoding:
        headers.append(("Content-Encoding", encoding))
    headers.append(("Content-Length", str(len(body))))
    return Answer("200 OK", headers, body)


@lru_cache(maxsize=128)
def _packings(header: str) -> tuple[bool, bool]:
    offered = parse_accept_header(header, Accept)
    return bool(offered["br"]), bool(offered["gzip"])
