"""Pages put together from parts that were compressed once and small ones that were not.

A part kept ready is a run of deflate blocks that ends on a byte and refers to nothing before it;
what differs with each answer goes between as stored blocks (RFC 1951, 3.2.4). Together they are one
ordinary gzip member (RFC 1952), so that a page of hundreds of kilobytes is sent compressed without
being compressed again.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field

LEVEL = 6
LONGEST_STORED = 0xFFFF

_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_LAST_BLOCK = b"\x03\x00"  # empty, and marked as the last


@dataclass
class Part:
    """Bytes that are sent again and again; compressed when that is first asked for."""

    data: bytes
    _deflated: bytes | None = field(default=None, init=False)
    _checksums: tuple[int, ...] = field(default=(), init=False)

    def deflated(self) -> bytes:
        """Deflate blocks that can stand anywhere in a stream, without the last one's mark."""
        if self._deflated is None:
            packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
            self._deflated = packer.compress(self.data) + packer.flush(zlib.Z_FULL_FLUSH)
        return self._deflated

    def checksum(self, before: int) -> int:
        """`zlib.crc32(data, before)`, without going through the data again.

        A CRC is linear: what a checksum before it adds to that of the data is the sum (xor) of what
        each of its bits adds, and those are worked out once.
        """
        if not self._checksums:
            alone = zlib.crc32(self.data)
            bits = (zlib.crc32(self.data, 1 << bit) ^ alone for bit in range(32))
            self._checksums = (alone, *bits)
        alone, *adds = self._checksums
        for added in adds:
            if before & 1:
                alone ^= added
            before >>= 1
        return alone


Pieces = Iterable[Part | bytes]


def joined(pieces: Pieces) -> bytes:
    """All pieces in order."""
    return b"".join(piece.data if isinstance(piece, Part) else piece for piece in pieces)


def gzipped(pieces: Pieces) -> bytes:
    """The same as one gzip member; plain bytes may be 64 KB long at most, each."""
    blocks = [_HEADER]
    checksum = size = 0
    for piece in pieces:
        if isinstance(piece, Part):
            blocks.append(piece.deflated())
            checksum = piece.checksum(checksum)
            size += len(piece.data)
        else:
            blocks.append(_stored(piece))
            checksum = zlib.crc32(piece, checksum)
            size += len(piece)
    blocks.append(_LAST_BLOCK + struct.pack("<II", checksum, size & 0xFFFFFFFF))
    return b"".join(blocks)


def _stored(data: bytes) -> bytes:
    if len(data) > LONGEST_STORED:
        raise ValueError("too long for a stored block")
    return struct.pack("<BHH", 0, len(data), len(data) ^ LONGEST_STORED) + data
