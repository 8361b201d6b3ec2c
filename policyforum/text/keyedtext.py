"""A whole keyed text to look places up in."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property

from policyforum.text.keyed import KeyedSection, subtree_ends
from policyforum.text.locating import Reduced, occurrences, squeeze, squeezed
from policyforum.text.sections import join


class KeyedText:
    """Sections in order of position, their source, and which of them holds what."""

    def __init__(self, entries: Sequence[KeyedSection]) -> None:
        self.entries = entries
        self.source = join(entry.section for entry in entries)
        self.positions = {entry.key: at for at, entry in enumerate(entries)}
        self._offsets = [entry.section.offset for entry in entries]
        self._ends = subtree_ends([entry.section for entry in entries])

    def places_of(self, words: str) -> list[tuple[int, int]]:
        """Where the source says the same as `words`, white space in either aside."""
        needle = squeeze(words)
        found = occurrences(self._squeezed, needle)
        if not found:
            return []
        bare = words.strip()
        literal = occurrences(self.source, bare)
        if len(literal) == len(found):
            return [(at, at + len(bare)) for at in literal]
        return [self._without_space.source_range(at, len(needle)) for at in found]

    @cached_property
    def _squeezed(self) -> str:
        return squeeze(self.source)

    @cached_property
    def _without_space(self) -> Reduced:
        return squeezed(self.source)

    def subtree(self, key: str) -> tuple[int, int]:
        """Where a section with all its descendants begins and ends."""
        at = self.positions[key]
        return self._offsets[at], self._end(at)

    def leaf(self, offset: int) -> str:
        """The key of the section whose own text holds this character."""
        return self.entries[max(0, bisect_right(self._offsets, offset) - 1)].key

    def around(self, key: str) -> Iterator[str]:
        """The section itself, then its parents, innermost first."""
        at: int | None = self.positions[key]
        while at is not None:
            yield self.entries[at].key
            at = self.entries[at].section.parent

    def home(self, start: int, end: int) -> str | None:
        """The innermost section that holds the whole stretch; None when only the text does."""
        for key in self.around(self.leaf(start)):
            if self._end(self.positions[key]) >= end:
                return key
        return None

    def _end(self, at: int) -> int:
        last = self._ends[at]
        return self._offsets[last] if last < len(self._offsets) else len(self.source)
