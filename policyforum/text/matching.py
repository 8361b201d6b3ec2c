"""Find for each new section the old section it continues: evidence in order of strength."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import Final

from policyforum.text.alignment import align
from policyforum.text.candidates import WordIndex
from policyforum.text.increasing import longest_increasing
from policyforum.text.links import Links, Reason, between
from policyforum.text.resemblance import Node, contained, similarity
from policyforum.text.titles import Titles

_SURE: Final = 0.75  # alike enough to be recognised anywhere in the text
_LIKELY: Final = 0.5  # alike enough between the same neighbours
_PLAUSIBLE: Final = 0.2  # alike enough with the same number or title in the same place
_PART: Final = 0.6  # share of a section's words found in a longer one that swallowed it
_LEAST_PART: Final = 6
_MERE_TITLE: Final = 12  # words; a parent with no more is known by its children
_TITLED: Final = 0.25  # what a common title adds when neighbours compete
_LARGEST_GAP: Final = 10_000  # pairs compared one by one between two matched neighbours


def match(links: Links) -> None:
    """Link what belongs together among the sections not linked yet."""
    _Matching(links).run()


class _Matching:
    """One run over all evidence."""

    def __init__(self, links: Links) -> None:
        self._links = links
        self._old = links.old
        self._new = links.new

    def run(self) -> None:
        """Find all links."""
        self._unique(lambda node: node.section.text, 1, Reason.IDENTICAL)
        self._unique(lambda node: (node.sort, node.words), 4, Reason.SAME_WORDS)
        self._close_ranks()
        self._anywhere(_SURE)
        self._close_ranks()
        self._in_place(_LIKELY)
        self._anywhere(_LIKELY)
        self._close_ranks()
        self._in_place(_LIKELY)
        self._parts()
        self._leftovers()
        self._unique(lambda node: node.section.text, 0, Reason.SAME_PLACE)

    def _unique(self, trait: Callable[[Node], Hashable], least_words: int, reason: Reason) -> None:
        """Link what has a trait nobody else in its own text has."""
        olds = self._alone(self._old, self._links.free_old(), trait, least_words)
        news = self._alone(self._new, self._links.free_new(), trait, least_words)
        for value, here in news.items():
            there = olds.get(value, -1)
            if here >= 0 and there >= 0:
                self._links.link(there, here, 1.0, reason)

    @staticmethod
    def _alone(
        text: list[Node],
        positions: Iterable[int],
        trait: Callable[[Node], Hashable],
        least_words: int,
    ) -> dict[Hashable, int]:
        """Who has a trait alone; -1 where several have it."""
        places: dict[Hashable, int] = {}
        for at in positions:
            if text[at].weight >= least_words:
                value = trait(text[at])
                places[value] = -1 if value in places else at
        return places

    def _close_ranks(self) -> None:
        """Spread from what is linked: upward to parents, then downward to equal children."""
        self._parents()
        self._equal_children()
        self._parents()

    def _parents(self) -> None:
        """Link parents whose children's words mostly went to one another, deepest first."""
        votes = _Votes()
        for here in sorted(self._links.links, reverse=True):
            self._vote(here, votes)
        for here in reversed(self._links.free_new()):
            if self._new[here].children:
                self._elect(here, votes)

    def _vote(self, here: int, votes: _Votes) -> None:
        there = self._old[self._links.links[here].old].section.parent
        parent = self._new[here].section.parent
        if there is not None and parent is not None:
            votes.add(parent, there, self._new[here].weight + 1)

    def _elect(self, here: int, votes: _Votes) -> None:
        node = self._new[here]
        for there, weight in votes.ranked(here):
            other = self._old[there]
            if there in self._links.continued or other.sort != node.sort:
                continue
            if weight * 2 < votes.sums[there]:
                continue
            own = similarity(other.words, node.words)
            if own < _PLAUSIBLE and min(node.weight, other.weight) > _MERE_TITLE:
                continue
            self._links.link(there, here, round(max(own, 0.6), 3), Reason.CHILDREN)
            self._vote(here, votes)
            return

    def _equal_children(self) -> None:
        """Between linked neighbours, link children with equal words, in order."""
        for olds, news in self._links.gaps():
            for pair in self._in_order(olds, news, self._identity):
                self._links.link(*pair, 1.0, Reason.SAME_NEIGHBOURS)

    @staticmethod
    def _identity(node: Node) -> Hashable:
        return (node.sort, node.words, bool(node.children)) if node.words else None

    def _in_order(
        self, olds: list[int], news: list[int], trait: Callable[[Node], Hashable]
    ) -> list[tuple[int, int]]:
        """Pairs equal in a trait, preferring equal numbers, without crossing."""
        exact = {(trait(self._old[at]), self._old[at].section.number): at for at in reversed(olds)}
        pairs = []
        for here in news:
            node = self._new[here]
            there = exact.get((trait(node), node.section.number))
            if trait(node) is not None and there is not None:
                pairs.append((there, here))
        kept = [pairs[at] for at in longest_increasing([there for there, _ in pairs])]
        return kept + self._between(olds, news, kept, trait)

    def _between(
        self,
        olds: list[int],
        news: list[int],
        kept: list[tuple[int, int]],
        trait: Callable[[Node], Hashable],
    ) -> list[tuple[int, int]]:
        """The longest common subsequence in the stretches between the pairs already kept."""
        found: list[tuple[int, int]] = []
        low = (-1, -1)
        for high in [*kept, (len(self._old), len(self._new))]:
            there = between(olds, low[0], high[0])
            here = between(news, low[1], high[1])
            low = high
            blocks = align(
                [trait(self._old[at]) or ("old", at) for at in there],
                [trait(self._new[at]) or ("new", at) for at in here],
            )
            for block in blocks:
                found.extend(
                    (there[block.old + step], here[block.new + step]) for step in range(block.size)
                )
        return found

    def _anywhere(self, threshold: float) -> None:
        """Link the most alike of all free sections, best first, wherever they stand."""
        olds = self._links.free_old()
        if not olds:
            return
        index = WordIndex((at, self._old[at].words) for at in olds)
        found: list[tuple[float, int, int, int]] = []
        for here in self._links.free_new():
            node = self._new[here]
            for there in index.like(node.words):
                other = self._old[there]
                if other.sort != node.sort:
                    continue
                score = index.similarity(other.words, node.words, threshold)
                if score >= threshold:
                    found.append((-score, self._links.strangeness(there, here), there, here))
        self._take(sorted(found), Reason.SIMILAR)

    def _parts(self) -> None:
        """Link a section to the one it swallowed or was torn from, the largest part first."""
        for text, other, forward in ((self._old, self._new, True), (self._new, self._old, False)):
            wholes = self._links.free_new() if forward else self._links.free_old()
            parts = self._links.free_old() if forward else self._links.free_new()
            index = WordIndex((at, other[at].words) for at in wholes)
            found: list[tuple[float, int, int, int]] = []
            for at in parts:
                words = text[at].words
                for whole in index.like(words) if len(words) >= _LEAST_PART else ():
                    score = contained(words, other[whole].words)
                    if score >= _PART and text[at].sort == other[whole].sort:
                        pair = (at, whole) if forward else (whole, at)
                        found.append((-score * len(words), self._links.strangeness(*pair), *pair))
            for _, _, there, here in sorted(found):
                if there not in self._links.continued and here not in self._links.links:
                    score = similarity(self._old[there].words, self._new[here].words)
                    self._links.link(there, here, round(score, 3), Reason.PART_OF_IT)

    def _take(self, found: list[tuple[float, int, int, int]], reason: Reason) -> None:
        titles = Titles(self._links)
        for score, _, there, here in found:
            if there in self._links.continued or here in self._links.links:
                continue
            elder, heir = titles.elder(there, here), titles.heir(there, here)
            if (elder, heir) == (there, here):
                self._links.link(there, here, round(-score, 3), reason)
            else:
                pair = (there, heir) if heir != here else (elder, here)
                own = similarity(self._old[pair[0]].words, self._new[pair[1]].words)
                self._links.link(*pair, round(own, 3), Reason.PART_OF_IT)

    def _in_place(self, threshold: float) -> None:
        """Between linked neighbours, link what is alike, in order and as a whole best."""
        for olds, news in self._links.gaps():
            if len(olds) * len(news) <= _LARGEST_GAP:
                for score, there, here in self._best_in_order(olds, news, threshold):
                    self._links.link(there, here, round(score, 3), Reason.SIMILAR_IN_PLACE)

    def _best_in_order(
        self, olds: list[int], news: list[int], threshold: float
    ) -> list[tuple[float, int, int]]:
        """Heaviest alignment without crossings (Needleman and Wunsch, gaps cost nothing)."""
        height, width = len(olds), len(news)
        scores = [[self._likeness(there, here, threshold) for here in news] for there in olds]
        best = [[0.0] * (width + 1) for _ in range(height + 1)]
        for row in range(height - 1, -1, -1):
            for column in range(width - 1, -1, -1):
                taken = scores[row][column]
                best[row][column] = max(
                    best[row + 1][column],
                    best[row][column + 1],
                    taken + best[row + 1][column + 1] if taken else 0.0,
                )
        found: list[tuple[float, int, int]] = []
        row = column = 0
        while row < height and column < width:
            if best[row][column] == best[row + 1][column]:
                row += 1
            elif best[row][column] == best[row][column + 1]:
                column += 1
            else:
                found.append((min(scores[row][column], 1.0), olds[row], news[column]))
                row, column = row + 1, column + 1
        return found

    def _likeness(self, there: int, here: int, threshold: float) -> float:
        old, new = self._old[there], self._new[here]
        if old.sort != new.sort:
            return 0.0
        score = similarity(old.words, new.words) if old.words and new.words else 0.0
        titled = old.section.heading.casefold() == new.section.heading.casefold() != ""
        return score + _TITLED * titled if score >= threshold else 0.0

    def _leftovers(self) -> None:
        """Link by number, title or being the only one left in the same place; then go deeper."""
        while True:
            before = len(self._links.links)
            for olds, news in self._links.gaps():
                for there, here in self._in_order(olds, news, self._name):
                    self._link_in_place(there, here)
                self._only_ones(self._links.free_old(olds), self._links.free_new(news))
            self._equal_children()
            self._in_place(_LIKELY)
            if len(self._links.links) == before:
                return

    @staticmethod
    def _name(node: Node) -> Hashable:
        section = node.section
        return (section.kind, section.number, section.heading.casefold())

    def _only_ones(self, olds: list[int], news: list[int]) -> None:
        if len(olds) == len(news) == 1 and self._old[olds[0]].sort == self._new[news[0]].sort:
            self._link_in_place(olds[0], news[0])

    def _link_in_place(self, there: int, here: int) -> None:
        old, new = self._old[there], self._new[here]
        score = similarity(old.words, new.words) if old.words and new.words else _PLAUSIBLE
        titled = old.section.heading.casefold() == new.section.heading.casefold() != ""
        if score >= _PLAUSIBLE or titled:
            self._links.link(there, here, round(score, 3), Reason.SAME_PLACE)


class _Votes:
    """How many words of a new parent's children came from the children of which old parent."""

    def __init__(self) -> None:
        self.sums: Counter[int] = Counter()  # by old parent
        self._given: dict[int, Counter[int]] = defaultdict(Counter)

    def add(self, new: int, old: int, words: int) -> None:
        """Count the words of one child."""
        self._given[new][old] += words
        self.sums[old] += words

    def ranked(self, new: int) -> list[tuple[int, int]]:
        """The old parents of a new one's children with their words, most words first."""
        given: Counter[int] = self._given.get(new, Counter())
        return sorted(given.items(), key=lambda item: (-item[1], item[0]))
