"""Passages: runs of words that left one place and stand, unchanged, in another."""

from __future__ import annotations

import sys
from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Final

from policyforum.text.alignment import Block, common_head, common_tail
from policyforum.text.words import Words, differing

_SEED: Final = 6  # tokens that must agree before two places are compared
_LEAST_WORDS: Final = 8  # a shorter run is a turn of phrase, not a passage


@dataclass(frozen=True, slots=True)
class Edit:
    """One section's two texts in tokens, and which tokens stayed."""

    key: str
    old: Words
    new: Words
    blocks: list[Block]


@dataclass(frozen=True, slots=True)
class Passage:
    """`size` tokens deleted at `old` in one section and inserted at `new` in another (or the same).

    Positions count tokens of the section's own text; `number` counts from 1 in the comparison,
    `words` those of the tokens that are words.
    """

    number: int
    old_key: str
    old: int
    new_key: str
    new: int
    size: int
    words: int


@dataclass(frozen=True, slots=True)
class _Run:
    edit: Edit
    start: int
    end: int


def moved_passages(edits: Sequence[Edit]) -> list[Passage]:
    """Find passages among the deleted and inserted words of the given edits, none overlapping."""
    lost: list[_Run] = []
    gained: list[_Run] = []
    for edit in edits:
        _note_runs(edit, lost, gained)
    seeds = _seeds(lost)
    taken = _Taken()
    found: list[Passage] = []
    for run in gained:
        for passage in _found_in(run, lost, seeds, taken):
            found.append(replace(passage, number=len(found) + 1))
    return found


def _note_runs(edit: Edit, lost: list[_Run], gained: list[_Run]) -> None:
    """Add an edit's deleted and inserted runs that are long enough to hold a passage."""
    at_old = at_new = 0
    for a, b, size in [*edit.blocks, (len(edit.old), len(edit.new), 0)]:
        if a - at_old >= _SEED:
            lost.append(_Run(edit, at_old, a))
        if b - at_new >= _SEED:
            gained.append(_Run(edit, at_new, b))
        at_old, at_new = a + size, b + size


def _seeds(lost: Sequence[_Run]) -> dict[bytes, tuple[int, int]]:
    """Where each n-gram that occurs once among the deleted words stands: run and token."""
    places: dict[bytes, tuple[int, int]] = {}
    for index, run in enumerate(lost):
        ids = run.edit.old.ids
        for at in range(run.start, run.end - _SEED + 1):
            gram = ids[at : at + _SEED]
            places[gram] = (-1, -1) if gram in places else (index, at)
    return {gram: place for gram, place in places.items() if place[0] >= 0}


def _found_in(
    run: _Run,
    lost: Sequence[_Run],
    seeds: dict[bytes, tuple[int, int]],
    taken: _Taken,
) -> Iterator[Passage]:
    ids = run.edit.new.ids
    at = floor = run.start
    while at <= run.end - _SEED:
        place = seeds.get(ids[at : at + _SEED])
        passage = _extend(run, floor, at, lost[place[0]], place[1], taken) if place else None
        if passage is None:
            at += 1
            continue
        taken.add(passage)
        at = floor = passage.new + passage.size
        yield passage


def _extend(
    run: _Run, floor: int, here: int, source: _Run, there: int, taken: _Taken
) -> Passage | None:
    """Grow a seed both ways as far as the words agree and are free; None when it stays short."""
    new, old, key = run.edit.new, source.edit.old, source.edit.key
    lowest, highest = taken.around(key, there)
    lowest, highest = max(lowest, source.start), min(highest, source.end)
    after = common_head(old.ids, new.ids, there, highest, here, run.end)
    after = next(differing(old, there, new, here, after), after)
    before = common_tail(old.ids, new.ids, lowest, there, floor, here)
    before -= max(differing(old, there - before, new, here - before, before), default=-1) + 1
    words = new.count(here - before, here + after)
    if words < _LEAST_WORDS:
        return None
    return Passage(0, key, there - before, run.edit.key, here - before, before + after, words)


class _Taken:
    """The deleted words that are part of a passage already."""

    def __init__(self) -> None:
        self._stretches: dict[str, list[tuple[int, int]]] = defaultdict(list)

    def add(self, passage: Passage) -> None:
        """Take the old words of a passage."""
        insort(self._stretches[passage.old_key], (passage.old, passage.old + passage.size))

    def around(self, key: str, at: int) -> tuple[int, int]:
        """Between which tokens of a section the one at `at` is free; empty when it is taken."""
        stretches = self._stretches[key]
        index = bisect_right(stretches, at, key=itemgetter(0))
        lowest = stretches[index - 1][1] if index else 0
        highest = stretches[index][0] if index < len(stretches) else sys.maxsize
        return (lowest, highest) if lowest <= at else (at, at)
