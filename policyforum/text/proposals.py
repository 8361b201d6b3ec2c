"""Where words that lost their place might belong, for a person who has to say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from policyforum.text.candidates import WordIndex
from policyforum.text.keyed import KeyedSection
from policyforum.text.likeness import aligned
from policyforum.text.resemblance import contained
from policyforum.text.words import words_of

_LEAST: Final = 0.3  # share of the words; less alike is no help


@dataclass(frozen=True, slots=True)
class Proposal:
    """A stretch of one section's own text, from its offset; `share` of the words found in it."""

    key: str
    start: int
    end: int
    share: float


class Proposals:
    """The sections of one text, to ask for many passages."""

    def __init__(self, entries: Sequence[KeyedSection]) -> None:
        self._entries = entries
        self._words = [words_of(entry.section.text.casefold()) for entry in entries]
        self._index = WordIndex(enumerate(self._words))

    def like(self, words: str, most: int = 3) -> list[Proposal]:
        """The passages most like these words, best first."""
        wanted = words_of(words.casefold())
        found = [self._proposal(at, words, wanted) for at in self._index.like(wanted)]
        good = [proposal for proposal in found if proposal.share >= _LEAST]
        return sorted(good, key=lambda proposal: -proposal.share)[:most]

    def _proposal(self, at: int, words: str, wanted: Sequence[str]) -> Proposal:
        section = self._entries[at].section
        start, end = aligned(words, section.text)
        if start == end:
            start, end = 0, len(section.text)
        share = contained(wanted, self._words[at])
        return Proposal(self._entries[at].key, start, end, share)
