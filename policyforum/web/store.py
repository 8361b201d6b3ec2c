"""Where one process keeps its pages."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import brotli

from policyforum.web.spliced import Part

BESIDES = 4096
"""About what a key and its page weigh besides the text."""
BROTLI_QUALITY = 9


Name = TypeVar("Name", bound=Hashable)
Thing = TypeVar("Thing")


class Latest(Generic[Name, Thing]):
    """So many things by name; the longest unused ones are forgotten."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._things: OrderedDict[Name, Thing] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: Name) -> Thing | None:
        with self._lock:
            thing = self._things.get(name)
            if thing is not None:
                self._things.move_to_end(name)
            return thing

    def put(self, name: Name, thing: Thing) -> None:
        with self._lock:
            self._things[name] = thing
            self._things.move_to_end(name)
            if len(self._things) > self._most:
                self._things.popitem(last=False)


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

    def has_hole(self, name: str) -> bool:
        """Whether something of this name is filled in when it is sent."""
        return name in self.pieces

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
