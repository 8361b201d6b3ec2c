"""Pages compressed once by brotli, with room left for what differs with each answer.

A room is a meta-block that is not compressed (RFC 7932, 9.2). What stands around it was compressed
with a stand-in of the same length in its place, so that references reach across it, and none into
it. The two bytes that follow belong to the room: what comes next is read by the two bytes before.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import brotli

QUALITY = 9
LARGEST_ROOM = 0xFF00
FOLLOWING = 2
"""Bytes before a symbol that decide how it is read (RFC 7932, 7.1)."""


@dataclass(frozen=True, slots=True)
class Roomed:
    """`runs`: compressed, one before each of the `rooms` and one after the last."""

    runs: Sequence[bytes]
    rooms: Sequence[_Room]

    def filled(self, fillings: Sequence[bytes]) -> bytes | None:
        """The stream, a filling in each room; None unless each is just as long as its room."""
        pieces = [self.runs[0]]
        for room, filling, run in zip(self.rooms, fillings, self.runs[1:], strict=True):
            if len(filling) != room.size:
                return None
            pieces += (room.head, filling, room.following, run)
        return b"".join(pieces)


class _Room(NamedTuple):
    """`head`, `following`: what comes before and after the filling."""

    size: int
    head: bytes
    following: bytes


def roomed(parts: Sequence[bytes], sizes: Sequence[int]) -> Roomed | None:
    """The parts with rooms of these sizes in bytes between them.

    None where that can't be: too little between two rooms, or a room too large.
    """
    if any(len(part) < FOLLOWING for part in parts[1:]) or max(sizes, default=0) > LARGEST_ROOM:
        return None
    first, *others = parts
    made = [
        _Room(size, _head(size + FOLLOWING), part[:FOLLOWING])
        for size, part in zip(sizes, others, strict=True)
    ]
    packer = brotli.Compressor(quality=QUALITY)
    runs = [packer.process(first)]
    for part, room, stand_in in zip(others, made, _stand_ins(sizes), strict=True):
        runs[-1] += packer.flush()
        packer.process(stand_in + room.following)
        packer.flush()
        runs.append(packer.process(part[FOLLOWING:]))
    runs[-1] += packer.finish()
    packed = Roomed(runs, made)
    return packed if _is_sound(packed, parts) else None


def _stand_ins(sizes: Sequence[int]) -> Iterator[bytes]:
    """Bytes that hardly occur in any text, nor twice, so that nothing refers to them.

    Nobody can know them beforehand and put them into a text.
    """
    for size in sizes:
        yield bytes(byte | 0x80 for byte in secrets.token_bytes(size))


def _head(size: int) -> bytes:
    """Of a meta-block that isn't the last: four nibbles of length, not compressed, up to a byte."""
    return (size - 1 << 3 | 1 << 19).to_bytes(3, "little")


def _is_sound(packed: Roomed, parts: Sequence[bytes]) -> bool:
    """Whether it unpacks to what it should: the packer never promised what this is built on."""
    spaces = [b" " * room.size for room in packed.rooms]
    stream = packed.filled(spaces)
    expected = b"".join(part + space for part, space in zip(parts, [*spaces, b""], strict=True))
    try:
        return stream is not None and bool(brotli.decompress(stream) == expected)
    except brotli.error:
        return False
