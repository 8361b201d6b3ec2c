"""Splits and merges: sections whose words come from, or went to, more than one section."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from policyforum.text.alignment import align
from policyforum.text.candidates import WordIndex
from policyforum.text.links import Links
from policyforum.text.resemblance import Node, contained

_ENOUGH: Final = 0.5  # share of a section's words found in the other
_LEAST_WORDS: Final = 5


@dataclass(slots=True)
class Descent:
    """What the links one to one do not tell.

    `sources`: for a new position, the old positions it also descends from; `split` and `merged`:
    new positions that share an old section, or took in a further one; `scores`: share of words.
    """

    sources: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    split: set[int] = field(default_factory=set)
    merged: set[int] = field(default_factory=set)
    scores: dict[int, float] = field(default_factory=dict)


def descend(links: Links) -> Descent:
    """Find the splits and merges that finished links leave unexplained."""
    descent = Descent()
    ended = links.free_old()
    begun = links.free_new()
    origin = links.origin()
    successor = {there: here for here, there in origin.items()}
    if begun:
        lost = _surplus(links.old, links.new, successor)
        for here, (there, score) in _parts(links.new, begun, lost).items():
            _record_split(descent, here, there, successor[there], score)
        for here, there in _torn(links.new, links.old, begun, origin, successor).items():
            _record_split(descent, here, there, successor[there], 0.6)
    if ended:
        gained = _surplus(links.new, links.old, origin)
        for there, (here, _) in _parts(links.old, ended, gained).items():
            _record_merge(descent, there, here)
        for there, here in _torn(links.old, links.new, ended, successor, origin).items():
            _record_merge(descent, there, here)
    return descent


def _record_split(descent: Descent, here: int, there: int, sibling: int, score: float) -> None:
    if here not in descent.split:
        descent.sources[here].append(there)
        descent.split.update((here, sibling))
        descent.scores[here] = round(score, 3)


def _record_merge(descent: Descent, there: int, here: int) -> None:
    if there not in descent.sources[here]:
        descent.sources[here].append(there)
        descent.merged.add(here)


def _surplus(
    text: Sequence[Node], other: Sequence[Node], partner: dict[int, int]
) -> dict[int, list[str]]:
    """Words of each linked section that its partner lacks."""
    surplus: dict[int, list[str]] = {}
    for at, counterpart in partner.items():
        words = text[at].words
        if words == other[counterpart].words:
            continue
        spare: list[str] = []
        start = 0
        for block in [*align(words, other[counterpart].words), None]:
            end = block.old if block else len(words)
            spare.extend(words[start:end])
            start = block.old + block.size if block else end
        if len(spare) >= _LEAST_WORDS:
            surplus[at] = spare
    return surplus


def _parts(
    text: Sequence[Node], positions: Iterable[int], surplus: dict[int, list[str]]
) -> dict[int, tuple[int, float]]:
    """Which unlinked sections are mostly made of another section's surplus words."""
    index = WordIndex(surplus.items())
    found: dict[int, tuple[int, float]] = {}
    for at in positions:
        words = text[at].words
        if len(words) < _LEAST_WORDS:
            continue
        scored = [(contained(words, surplus[other]), -other) for other in index.like(words)]
        score, other = max(scored, default=(0.0, 0))
        if score >= _ENOUGH:
            found[at] = (-other, score)
    return found


def _torn(
    text: Sequence[Node],
    other: Sequence[Node],
    positions: Iterable[int],
    partner: dict[int, int],
    back: dict[int, int],
) -> dict[int, int]:
    """Unlinked parents whose children's words mostly sit under one linked parent over there."""
    found: dict[int, int] = {}
    for at in positions:
        if not text[at].children:
            continue
        homes: dict[int, int] = defaultdict(int)
        total = 0
        for child in text[at].children:
            weight = text[child].weight + 1
            total += weight
            if child in partner:
                home = other[partner[child]].section.parent
                if home is not None and home in back and other[home].sort == text[at].sort:
                    homes[home] += weight
        best = max(homes, key=lambda home: (homes[home], -home), default=None)
        if best is not None and homes[best] > _ENOUGH * total:
            found[at] = best
    return found
