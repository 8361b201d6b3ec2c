"""Words: what a reader counts and a comparison compares.

A token is a word, a number with its separators ("1.000,50"), one ideograph, or one punctuation
mark; white space belongs to the token before it and never decides whether two tokens are equal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

# Scripts written without spaces: each character is a word of its own.
_UNSPACED: Final = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_LETTER: Final = rf"[^\W_{_UNSPACED}]"
_WORD_PATTERN: Final = rf"[{_UNSPACED}]|{_LETTER}(?:{_LETTER}|[\u0300-\u036f])*(?:(?<=\d)[.,]\d+)*"
_WORD: Final = re.compile(_WORD_PATTERN)
_SPACED_TOKEN: Final = re.compile(rf"(?:{_WORD_PATTERN}|[^\w\s]|_)\s*")


@dataclass(frozen=True, slots=True)
class Words:
    """A text cut into tokens: token i is `cores[i]` at `starts[i]`, then white space."""

    text: str
    cores: list[str]
    starts: list[int]

    def __len__(self) -> int:
        return len(self.cores)

    def begin(self, index: int) -> int:
        """Where token `index` begins; the end of the text for the index after the last."""
        return self.starts[index] if index < len(self.starts) else len(self.text)


def tokenise(text: str) -> Words:
    """Cut any text into tokens, in one pass."""
    pieces = _SPACED_TOKEN.findall(text)
    lead = len(text) - sum(map(len, pieces))  # every other character is part of a piece
    starts = list(accumulate(map(len, pieces), initial=lead))[:-1]
    return Words(text, list(map(str.rstrip, pieces)), starts)


def words_of(text: str) -> list[str]:
    """The words alone, without punctuation and markup, as written."""
    return _WORD.findall(text)


def count(text: str) -> int:
    """How many words a reader would count."""
    return len(_WORD.findall(text))


def is_word(core: str) -> bool:
    """Whether a token is a word or number rather than a punctuation mark."""
    return core[0].isalnum()
