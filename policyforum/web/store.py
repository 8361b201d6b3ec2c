"""Where one process keeps its pages."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence, Set
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from policyforum.web.roomed import Roomed, roomed
from policyforum.web.spliced import Part

BESIDES = 4096
"""About what a key and its page weigh besides the text."""
ROOM_STEP = 32
"""Bytes by which a hole's room grows, so that few lengths need rooms of their own."""


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


class _Form(NamedTuple):
    """A page packed by brotli, if it can be, and how many bytes its holes have room for."""

    rooms: Sequence[int]
    packed: Roomed | None


@dataclass
class Page:
    """A rendered page: parts, and between them the names of holes.

    `spacious`: names of holes where spaces may follow what is filled in.
    """

    pieces: Sequence[Part | str]
    spacious: Set[str] = frozenset()
    _form: _Form | None = field(default=None, init=False)

    @property
    def size(self) -> int:
        """Bytes of memory, about."""
        return sum(map(len, self._parts()), start=BESIDES)

    def has_hole(self, name: str) -> bool:
        """Whether something of this name is filled in when it is sent."""
        return name in self.pieces

    def brotli(self, filled: Callable[[str], bytes]) -> bytes | None:
        """The page packed by brotli, smaller than gzip makes it; None if so filled it can't be.

        `filled`: what goes into the hole of this name.
        """
        holes = [piece for piece in self.pieces if isinstance(piece, str)]
        fillings = [filled(name) for name in holes]
        rooms, packed = self._packed_for(holes, fillings)
        if packed is None:
            return None
        return packed.filled(
            [
                filling.ljust(room) if name in self.spacious else filling
                for name, filling, room in zip(holes, fillings, rooms, strict=True)
            ]
        )

    def _packed_for(self, holes: Sequence[str], fillings: Sequence[bytes]) -> _Form:
        """Packed once, and again when something longer comes than there is room for."""
        form = self._form
        had = form.rooms if form else [0] * len(holes)
        rooms = [
            max(room, _stepped(len(filling))) if name in self.spacious else room or len(filling)
            for name, filling, room in zip(holes, fillings, had, strict=True)
        ]
        if form is None or form.rooms != rooms:
            form = self._form = _Form(rooms, roomed(self._parts(), rooms))
        return form

    def _parts(self) -> list[bytes]:
        return [piece.data for piece in self.pieces if isinstance(piece, Part)]


def _stepped(length: int) -> int:
    return -(-length // ROOM_STEP) * ROOM_STEP


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
