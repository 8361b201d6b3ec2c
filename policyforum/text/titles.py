"""When one section becomes two, or two become one: the part that keeps the title keeps the key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from policyforum.text.links import Links
from policyforum.text.resemblance import Node, contained

_PART: Final = 0.6  # share of a part's words found in the whole
_LEAST_WORDS: Final = 6

_Title = tuple[str, str]


class Titles:
    """Free sections by their title, to ask before two sections are linked."""

    def __init__(self, links: Links) -> None:
        self._links = links
        self._olds = _by_title(links.old, links.free_old())
        self._news = _by_title(links.new, links.free_new())

    def heir(self, there: int, here: int) -> int:
        """The new section that took over title and words of an old one, else the one given."""
        old = self._links.old[there]
        title = _title(old)
        if not title[1] or title == _title(self._links.new[here]):
            return here
        heirs = [at for at in self._news[title] if at not in self._links.links]
        if len(heirs) != 1 or self._links.new[heirs[0]].weight < _LEAST_WORDS:
            return here
        return heirs[0] if self._is_part(self._links.new[heirs[0]], old) else here

    def elder(self, there: int, here: int) -> int:
        """The old section whose title and words a new one took over, else the one given."""
        new = self._links.new[here]
        title = _title(new)
        if not title[1] or title == _title(self._links.old[there]):
            return there
        elders = [at for at in self._olds[title] if at not in self._links.continued]
        if len(elders) != 1 or not self._is_part(self._links.old[elders[0]], new):
            return there
        return elders[0]

    @staticmethod
    def _is_part(part: Node, whole: Node) -> bool:
        return contained(part.words, whole.words) >= _PART


def _title(node: Node) -> _Title:
    return (node.sort, node.section.heading.casefold())


def _by_title(text: Sequence[Node], positions: Iterable[int]) -> dict[_Title, list[int]]:
    places: dict[_Title, list[int]] = defaultdict(list)
    for at in positions:
        places[_title(text[at])].append(at)
    return places
