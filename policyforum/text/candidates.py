"""Which old sections could a new one be? Those it shares rare words with."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import log
from typing import Final

from rapidfuzz.distance import Indel

from policyforum.text.resemblance import LARGEST_PRODUCT, similarity

_MOST_CANDIDATES: Final = 6
_COMMON: Final = 60  # a word in more sections than this proposes none of them


class WordIndex:
    """Sections by their words; knows how rare each word is."""

    def __init__(self, sections: Iterable[tuple[int, Sequence[str]]]) -> None:
        self._places: dict[str, list[int]] = defaultdict(list)
        size = 0
        for at, words in sections:
            size += 1
            for word in set(words):
                self._places[word].append(at)
        self._rarity = {word: log(1 + size / len(places)) for word, places in self._places.items()}
        self._unseen = log(1 + size)

    def like(self, words: Sequence[str]) -> list[int]:
        """The sections that share the most, and the rarest, words with these; best first."""
        shared: dict[int, float] = defaultdict(float)
        for word in set(words):
            places = self._places.get(word, ())
            if len(places) <= _COMMON:
                for at in places:
                    shared[at] += self._rarity[word]
        ranked = sorted(shared.items(), key=lambda item: (-item[1], item[0]))
        return [at for at, _ in ranked[:_MOST_CANDIDATES]]

    def similarity(self, old: Sequence[str], new: Sequence[str], cutoff: float) -> float:
        """As `resemblance.similarity`, the words weighed by rarity: boilerplate counts little."""
        if similarity(old, new) < cutoff * 0.9:
            return 0.0
        weigh = self._weight
        total = sum(map(weigh, old)) + sum(map(weigh, new))
        return 2 * sum(map(weigh, _common(old, new))) / total if total else 0.0

    def _weight(self, word: str) -> float:
        return self._rarity.get(word, self._unseen)


def _common(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    if len(old) * len(new) > LARGEST_PRODUCT:
        yield from (Counter(old) & Counter(new)).elements()
        return
    for op in Indel.opcodes(old, new):
        if op.tag == "equal":
            yield from old[op.src_start : op.src_end]
