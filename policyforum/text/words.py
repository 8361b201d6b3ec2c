"""Words: what a reader counts and a comparison compares.

A token is a word, a number with its separators ("1.000,50"), one ideograph, or one punctuation
mark; white space belongs to the token before it and never decides whether two tokens are equal.

Each token has an id of one byte: equal tokens have equal ids, different ones seldom. Comparing the
ids is quick; where it matters the text itself decides.
"""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Final
from zlib import crc32

# Scripts written without spaces: each character is a word of its own.
_UNSPACED: Final = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_LETTER: Final = rf"[^\W_{_UNSPACED}]"
_WORD_PATTERN: Final = rf"[{_UNSPACED}]|{_LETTER}(?:{_LETTER}|[\u0300-\u036f])*(?:(?<=\d)[.,]\d+)*"
_WORD: Final = re.compile(_WORD_PATTERN)
_SPACED_TOKEN: Final = re.compile(rf"(?:{_WORD_PATTERN}|[^\w\s]|_)\s*")

_MARKS: Final = bytes(range(32))  # the ids of punctuation; those of words follow
_WORD_IDS: Final = 256 - len(_MARKS)

# Raise it when tokens or their ids change: what was stored before is then cut anew.
_VERSION: Final = b"\x01"
_BIG_ENDIAN: Final = sys.byteorder == "big"  # stored offsets are not
_SHORT: Final = 1 << 16  # a text with fewer characters counts its offsets in two bytes


class Words:
    """A text cut into tokens: token i begins at `starts[i]`, and `ids[i]` is its id.

    After the last token's start stands the end of the text.
    """

    __slots__ = ("_cores", "ids", "starts", "text")

    def __init__(self, text: str, ids: bytes, starts: Sequence[int]) -> None:
        self.text = text
        self.ids = ids
        self.starts = starts
        self._cores: list[str] | None = None

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def cores(self) -> list[str]:
        """The tokens without the white space after them."""
        if self._cores is None:
            self._cores = [self.core(index) for index in range(len(self))]
        return self._cores

    def core(self, index: int) -> str:
        """One token without the white space after it."""
        return self.text[self.starts[index] : self.starts[index + 1]].rstrip()

    def count(self, start: int, end: int) -> int:
        """How many of the tokens from `start` up to `end` are words."""
        return count_ids(self.ids[start:end])


def differing(old: Words, a: int, new: Words, b: int, size: int) -> Iterator[int]:
    """Which of `size` tokens differ between `old` from `a` on and `new` from `b` on, in order.

    Counts from 0. Halves that agree as text are not looked into.
    """
    if size < 2:
        if size and old.core(a) != new.core(b):
            yield 0
        return
    half = size // 2
    for start, part in ((0, half), (half, size - half)):
        there, here = a + start, b + start
        before = old.text[old.starts[there] : old.starts[there + part]]
        if before != new.text[new.starts[here] : new.starts[here + part]]:
            for at in differing(old, there, new, here, part):
                yield start + at


def tokenise(text: str) -> Words:
    """Cut any text into tokens, in one pass."""
    pieces = _SPACED_TOKEN.findall(text)
    lead = len(text) - sum(map(len, pieces))  # every other character is part of a piece
    starts = list(accumulate(map(len, pieces), initial=lead))
    return Words(text, bytes(map(token_id, map(str.rstrip, pieces))), starts)


def pack(words: Words) -> bytes:
    """Tokens as bytes to be stored beside their text: three or five for each."""
    starts = _offsets(words.text)
    starts.extend(words.starts)
    if _BIG_ENDIAN:
        starts.byteswap()
    return _VERSION + words.ids + starts.tobytes()


def unpack(text: str, packed: bytes) -> Words:
    """The tokens of a text as `pack` stored them; cut anew when they are of another version."""
    starts = _offsets(text)
    amount, rest = divmod(len(packed) - 1 - starts.itemsize, 1 + starts.itemsize)
    if rest or packed[:1] != _VERSION:
        return tokenise(text)
    starts.frombytes(packed[1 + amount :])
    if _BIG_ENDIAN:
        starts.byteswap()
    return Words(text, packed[1 : 1 + amount], starts)


@lru_cache(maxsize=1 << 16)
def token_id(core: str) -> int:
    """The id of one token."""
    found = crc32(core.encode("utf-8", "surrogatepass"))
    return len(_MARKS) + found % _WORD_IDS if is_word(core) else found % len(_MARKS)


def count_ids(ids: bytes | bytearray) -> int:
    """How many of the tokens with these ids are words."""
    return len(ids.translate(None, _MARKS))


def words_of(text: str) -> list[str]:
    """The words alone, without punctuation and markup, as written."""
    return _WORD.findall(text)


def count(text: str) -> int:
    """How many words a reader would count."""
    return len(_WORD.findall(text))


def is_word(core: str) -> bool:
    """Whether a token is a word or number rather than a punctuation mark."""
    return core[0].isalnum()


def _offsets(text: str) -> array[int]:
    return array("H" if len(text) < _SHORT else "I")
