"""Which tokens of two sequences belong together: as many as possible, in order.

The longest common subsequence (Hyyrö's bit-parallel algorithm as implemented by rapidfuzz) inside
gaps of bounded size; larger gaps are first cut at n-grams that occur once on either side and in the
same order (Bram Cohen's patience idea).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from rapidfuzz.distance import Indel

from policyforum.text.increasing import longest_increasing

# rapidfuzz keeps a matrix of (old × new) bits: 2 MB at this size.
_LARGEST_GAP: Final = 16_000_000
_GRAMS: Final = (6, 3, 1)


class Block(NamedTuple):
    """`size` equal tokens, at `old` in the one and at `new` in the other sequence."""

    old: int
    new: int
    size: int


def align(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Block]:
    """Find the matching blocks of two token sequences, in order."""
    if len(old) * len(new) <= _LARGEST_GAP:
        return _common(old, new, 0, 0)
    return joined(sorted(_cut(old, new)))


def joined(blocks: Iterable[Block]) -> list[Block]:
    """The same blocks, those that adjoin on both sides made one."""
    found: list[Block] = []
    end_old = end_new = -1
    for block in blocks:
        a, b, size = block
        if a == end_old and b == end_new:
            last = found[-1]
            found[-1] = Block(last.old, last.new, last.size + size)
        else:
            found.append(block)
        end_old, end_new = a + size, b + size
    return found


def common_head(
    old: Sequence[Hashable], new: Sequence[Hashable], a1: int, a2: int, b1: int, b2: int
) -> int:
    """How many tokens of old[a1:a2] and new[b1:b2] agree, halving what is still open."""
    size, limit = 0, min(a2 - a1, b2 - b1)
    while size < limit:
        step = (limit - size + 1) // 2
        if old[a1 + size : a1 + size + step] == new[b1 + size : b1 + size + step]:
            size += step
        else:
            limit = size + step - 1
    return size


def common_tail(
    old: Sequence[Hashable], new: Sequence[Hashable], a1: int, a2: int, b1: int, b2: int
) -> int:
    """As `common_head`, from the end backwards."""
    size, limit = 0, min(a2 - a1, b2 - b1)
    while size < limit:
        step = (limit - size + 1) // 2
        if old[a2 - size - step : a2 - size] == new[b2 - size - step : b2 - size]:
            size += step
        else:
            limit = size + step - 1
    return size


def _common(
    old: Sequence[Hashable], new: Sequence[Hashable], at_old: int, at_new: int
) -> list[Block]:
    return [
        Block(at_old + block.a, at_new + block.b, block.size)
        for block in Indel.opcodes(old, new).as_matching_blocks()
        if block.size
    ]


def _cut(old: Sequence[Hashable], new: Sequence[Hashable]) -> Iterator[Block]:
    """The blocks of long sequences, in any order, maybe in parts."""
    todo = [(0, len(old), 0, len(new), 0)]
    while todo:
        a1, a2, b1, b2, depth = todo.pop()
        head = common_head(old, new, a1, a2, b1, b2)
        tail = common_tail(old, new, a1 + head, a2, b1 + head, b2)
        if head:
            yield Block(a1, b1, head)
        if tail:
            yield Block(a2 - tail, b2 - tail, tail)
        a1, b1, a2, b2 = a1 + head, b1 + head, a2 - tail, b2 - tail
        if a1 == a2 or b1 == b2:
            continue
        if (a2 - a1) * (b2 - b1) <= _LARGEST_GAP:
            yield from _common(old[a1:a2], new[b1:b2], a1, b1)
        elif depth < len(_GRAMS):
            anchors = _unique_grams(old, new, a1, a2, b1, b2, _GRAMS[depth])
            todo.extend(_gaps(anchors, a1, a2, b1, b2, _GRAMS[depth], depth))


def _unique_grams(
    old: Sequence[Hashable], new: Sequence[Hashable], a1: int, a2: int, b1: int, b2: int, size: int
) -> list[tuple[int, int]]:
    ours = _once(old, a1, a2, size)
    theirs = _once(new, b1, b2, size)
    pairs = [(at, theirs[gram]) for gram, at in ours.items() if gram in theirs]
    pairs.sort()
    return [pairs[index] for index in longest_increasing([there for _, there in pairs])]


def _once(tokens: Sequence[Hashable], start: int, end: int, size: int) -> dict[Hashable, int]:
    """Where each n-gram stands that occurs once."""
    places: dict[Hashable, int] = {}
    for at in range(start, end - size + 1):
        part = tokens[at : at + size]
        gram = part if isinstance(part, bytes) else tuple(part)
        places[gram] = -1 if gram in places else at
    return {gram: at for gram, at in places.items() if at >= 0}


def _gaps(
    anchors: list[tuple[int, int]], a1: int, a2: int, b1: int, b2: int, size: int, depth: int
) -> list[tuple[int, int, int, int, int]]:
    """Cut a gap at its anchors; each anchor is found again as the head of the gap after it."""
    if not anchors:
        return [(a1, a2, b1, b2, depth + 1)]
    gaps: list[tuple[int, int, int, int, int]] = []
    for a, b in anchors:
        if a < a1 or b < b1:
            continue  # overlaps the anchor before it
        gaps.append((a1, a, b1, b, depth + 1))
        gaps.append((a, a + size, b, b + size, depth + 1))
        a1, b1 = a + size, b + size
    gaps.append((a1, a2, b1, b2, depth + 1))
    return gaps
