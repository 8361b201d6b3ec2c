"""Longest increasing subsequences: what kept its order while other things changed places."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence


def longest_increasing(values: Sequence[int], weights: Sequence[int] | None = None) -> list[int]:
    """Indices of the heaviest strictly increasing subsequence (each weighing 1 by default)."""
    if weights is None:
        return _longest_unweighted(values)
    ranks = {value: rank for rank, value in enumerate(sorted(set(values)), start=1)}
    best = [(0, -1)] * (len(ranks) + 1)  # Fenwick tree of (weight, index) prefix maxima
    before = [-1] * len(values)
    top = (0, -1)
    for index, value in enumerate(values):
        rank = ranks[value]
        found = (0, -1)
        step = rank - 1
        while step:
            found = max(found, best[step])
            step -= step & -step
        before[index] = found[1]
        here = (found[0] + weights[index], index)
        top = max(top, here)
        while rank < len(best):
            best[rank] = max(best[rank], here)
            rank += rank & -rank
    return _trail(before, top[1])


def _longest_unweighted(values: Sequence[int]) -> list[int]:
    tails: list[int] = []
    indices: list[int] = []
    before = [-1] * len(values)
    for index, value in enumerate(values):
        slot = bisect_left(tails, value)
        before[index] = indices[slot - 1] if slot else -1
        if slot == len(tails):
            tails.append(value)
            indices.append(index)
        else:
            tails[slot] = value
            indices[slot] = index
    return _trail(before, indices[-1] if indices else -1)


def _trail(before: Sequence[int], index: int) -> list[int]:
    trail: list[int] = []
    while index >= 0:
        trail.append(index)
        index = before[index]
    trail.reverse()
    return trail
