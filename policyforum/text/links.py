"""Which new section continues which old one, while that is being found out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from policyforum.text.increasing import longest_increasing
from policyforum.text.resemblance import Node, nodes
from policyforum.text.sections import Section


class Reason(StrEnum):
    """Why a section was matched, in the order the evidence is tried."""

    OVERRIDE = "override"
    IDENTICAL = "identical_text"
    SAME_WORDS = "same_words"
    SAME_NEIGHBOURS = "same_words_same_neighbours"
    CHILDREN = "same_children"
    SIMILAR = "similar_words"
    SIMILAR_IN_PLACE = "similar_words_same_place"
    SAME_PLACE = "same_place"
    PART_OF_IT = "part_of_its_words"
    NOTHING_LIKE_IT = "nothing_like_it"


class Link(NamedTuple):
    """A new section continues the old section at position `old`."""

    old: int
    score: float
    reason: Reason


class Links:
    """The links between two texts' sections; each section has one at most."""

    def __init__(self, old: Sequence[Section], new: Sequence[Section]) -> None:
        self.old_sections = old
        self.new_sections = new
        self.old: list[Node] = nodes(old)
        self.new: list[Node] = nodes(new)
        self.links: dict[int, Link] = {}
        self.continued: dict[int, int] = {}
        self.closed: set[int] = set()

    def link(self, old: int, new: int, score: float, reason: Reason) -> None:
        """Record that `new` continues `old`; both must be free."""
        self.links[new] = Link(old, score, reason)
        self.continued[old] = new

    def close(self, new: int) -> None:
        """Keep a new section out of the matching."""
        self.closed.add(new)

    def origin(self) -> dict[int, int]:
        """New position → old position, of all links."""
        return {new: link.old for new, link in sorted(self.links.items())}

    def successor_of(self, old: int) -> int | None:
        """The new position that continues an old section."""
        return self.continued.get(old)

    def free_old(self, positions: Iterable[int] | None = None) -> list[int]:
        """Old positions, or those of the given ones, that nothing continues yet."""
        every = range(len(self.old)) if positions is None else positions
        return [at for at in every if at not in self.continued]

    def free_new(self, positions: Iterable[int] | None = None) -> list[int]:
        """New positions, or those of the given ones, that continue nothing yet."""
        every = range(len(self.new)) if positions is None else positions
        return [at for at in every if at not in self.links and at not in self.closed]

    def gaps(self) -> list[tuple[list[int], list[int]]]:
        """Runs of free children between linked neighbours under linked parents, top down."""
        gaps: list[tuple[list[int], list[int]]] = []
        parents: list[tuple[Iterable[int], Iterable[int]]] = [
            (self._roots(self.old), self._roots(self.new))
        ]
        parents += [
            (self.old[link.old].children, self.new[here].children)
            for here, link in sorted(self.links.items())
        ]
        for olds, news in parents:
            gaps.extend(self._family_gaps(list(olds), list(news)))
        return gaps

    @staticmethod
    def _roots(text: list[Node]) -> list[int]:
        return [node.section.position for node in text if node.section.parent is None]

    def _family_gaps(self, olds: list[int], news: list[int]) -> list[tuple[list[int], list[int]]]:
        if not (self.free_old(olds) and self.free_new(news)):
            return []
        family = set(olds)
        linked = [here for here in news if here in self.links and self.links[here].old in family]
        stay = longest_increasing([self.links[here].old for here in linked])
        bounds = [(self.links[linked[at]].old, linked[at]) for at in stay]
        gaps: list[tuple[list[int], list[int]]] = []
        low = (-1, -1)
        for high in [*bounds, (len(self.old), len(self.new))]:
            free_olds = self.free_old(between(olds, low[0], high[0]))
            free_news = self.free_new(between(news, low[1], high[1]))
            if free_olds and free_news:
                gaps.append((free_olds, free_news))
            low = high
        return gaps

    def strangeness(self, there: int, here: int) -> int:
        """Tie-breaker: 0 for same number and heading under linked parents, more for less."""
        old, new = self.old[there].section, self.new[here].section
        strange = int(old.number != new.number) + int(old.heading != new.heading)
        if new.parent is None or old.parent is None:
            return strange + int(new.parent is not old.parent)
        link = self.links.get(new.parent)
        return strange + 2 * int(link is None or link.old != old.parent)


def between(positions: list[int], low: int, high: int) -> list[int]:
    """Those of the sorted positions that lie between two others."""
    return positions[bisect_right(positions, low) : bisect_left(positions, high)]
