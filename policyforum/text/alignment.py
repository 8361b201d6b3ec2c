"""Which tokens of two sequences belong together: small and readable.

The longest common subsequence (Hyyrö's bit-parallel algorithm as implemented by rapidfuzz) inside
gaps of bounded size; larger gaps are first cut at n-grams that occur once on either side and in the
same order (Bram Cohen's patience idea). Then matches of a lone common word between two larger
changes are given up, and changes slide to where a sentence or line begins.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Sequence
from typing import Final, NamedTuple

from rapidfuzz.distance import Indel

from policyforum.text.words import Words, is_word

# rapidfuzz keeps a matrix of (old × new) bits: 2 MB at this size.
_LARGEST_GAP: Final = 16_000_000
_GRAMS: Final = (6, 3, 1)
_STOPS: Final = frozenset(".!?;:|")
_PAUSES: Final = frozenset(",)")


class Block(NamedTuple):
    """`size` equal tokens, at `old` in the one and at `new` in the other sequence."""

    old: int
    new: int
    size: int


def align(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Block]:
    """Find the matching blocks of two token sequences, in order, without the readability pass."""
    blocks: list[Block] = []
    todo = [(0, len(old), 0, len(new), 0)]
    while todo:
        a1, a2, b1, b2, depth = todo.pop()
        head = _common_head(old, new, a1, a2, b1, b2)
        tail = _common_tail(old, new, a1 + head, a2, b1 + head, b2)
        blocks.append(Block(a1, b1, head))
        blocks.append(Block(a2 - tail, b2 - tail, tail))
        a1, b1, a2, b2 = a1 + head, b1 + head, a2 - tail, b2 - tail
        if a1 == a2 or b1 == b2:
            continue
        if (a2 - a1) * (b2 - b1) <= _LARGEST_GAP:
            for op in Indel.opcodes(old[a1:a2], new[b1:b2]):
                if op.tag == "equal":
                    size = op.src_end - op.src_start
                    blocks.append(Block(a1 + op.src_start, b1 + op.dest_start, size))
        elif depth < len(_GRAMS):
            anchors = _unique_grams(old, new, a1, a2, b1, b2, _GRAMS[depth])
            todo.extend(_gaps(anchors, a1, a2, b1, b2, _GRAMS[depth], depth))
    return _joined(sorted(block for block in blocks if block.size))


def align_readably(old: Words, new: Words) -> list[Block]:
    """Find matching blocks a reader can follow: as `align`, tidied."""
    blocks = align(old.cores, new.cores)
    if len(blocks) > 1:
        blocks = _without_strays(blocks, old.cores, new.cores)
    return _slid(_closed(blocks, old.cores, new.cores), old, new)


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


def _common_head(
    old: Sequence[Hashable], new: Sequence[Hashable], a1: int, a2: int, b1: int, b2: int
) -> int:
    size = 0
    limit = min(a2 - a1, b2 - b1)
    while size < limit and old[a1 + size] == new[b1 + size]:
        size += 1
    return size


def _common_tail(
    old: Sequence[Hashable], new: Sequence[Hashable], a1: int, a2: int, b1: int, b2: int
) -> int:
    size = 0
    limit = min(a2 - a1, b2 - b1)
    while size < limit and old[a2 - 1 - size] == new[b2 - 1 - size]:
        size += 1
    return size


def _unique_grams(
    old: Sequence[Hashable], new: Sequence[Hashable], a1: int, a2: int, b1: int, b2: int, size: int
) -> list[tuple[int, int]]:
    ours = _once(old, a1, a2, size)
    theirs = _once(new, b1, b2, size)
    pairs = [(at, theirs[gram]) for gram, at in ours.items() if gram in theirs]
    pairs.sort()
    return [pairs[index] for index in longest_increasing([there for _, there in pairs])]


def _once(
    tokens: Sequence[Hashable], start: int, end: int, size: int
) -> dict[tuple[Hashable, ...], int]:
    places: dict[tuple[Hashable, ...], int] = {}
    for at in range(start, end - size + 1):
        gram = tuple(tokens[at : at + size])
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


def _joined(blocks: list[Block]) -> list[Block]:
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if last and last.old + last.size == block.old and last.new + last.size == block.new:
            joined[-1] = Block(last.old, last.new, last.size + block.size)
        else:
            joined.append(block)
    return joined


def _without_strays(blocks: list[Block], old: Sequence[str], new: Sequence[str]) -> list[Block]:
    """Give up lone common words and marks that split one larger replacement in two."""
    kept: list[Block] = []
    for index, block in enumerate(blocks):
        after = blocks[index + 1] if index + 1 < len(blocks) else Block(len(old), len(new), 0)
        last = kept[-1] if kept else Block(0, 0, 0)
        left = (block.old - last.old - last.size, block.new - last.new - last.size)
        right = (after.old - block.old - block.size, after.new - block.new - block.size)
        weight = _weight(old[block.old : block.old + block.size])
        if not _is_stray(weight, left, right):
            kept.append(block)
    return kept


def _weight(tokens: Sequence[str]) -> float:
    """How much a match says: a mark little, a short word some, a long word much."""
    if len(tokens) > 4:
        return 99.0
    return sum(min(len(token), 8) / 4 if is_word(token) else 0.25 for token in tokens)


def _is_stray(weight: float, left: tuple[int, int], right: tuple[int, int]) -> bool:
    if not (any(left) and any(right)):
        return False
    olds, news = left[0] + right[0], left[1] + right[1]
    if not (olds and news):
        return False
    smaller = min(sum(left), sum(right))
    return weight * 4 <= smaller and weight * 3 <= min(olds, news)


def _closed(blocks: list[Block], old: Sequence[str], new: Sequence[str]) -> list[Block]:
    """Let a replacement take the bracket that closes what it opens: 5 (lima) by 7 (tujuh)."""
    closed: list[Block] = []
    at_old = at_new = 0
    for block in blocks:
        gone, came = old[at_old : block.old], new[at_new : block.new]
        at_old, at_new = block.old + block.size, block.new + block.size
        taken = int(old[block.old] == ")" and _opens(gone) and _opens(came))
        closed.append(Block(block.old + taken, block.new + taken, block.size - taken))
    return [block for block in closed if block.size]


def _opens(tokens: Sequence[str]) -> bool:
    return tokens.count("(") > tokens.count(")")


def _slid(blocks: list[Block], old: Words, new: Words) -> list[Block]:
    """Slide each pure insertion or deletion to begin where a line, sentence or clause does."""
    slid = list(blocks)
    for index in range(len(slid) - 1):
        left, right = slid[index], slid[index + 1]
        gone = right.old - left.old - left.size
        came = right.new - left.new - left.size
        if gone and came:
            continue
        words, start = (old, left.old) if gone else (new, left.new)
        shift = _best_shift(words, start + left.size, gone or came, left.size, right.size)
        slid[index] = Block(left.old, left.new, left.size + shift)
        slid[index + 1] = Block(right.old + shift, right.new + shift, right.size - shift)
    return [block for block in slid if block.size]


def _best_shift(words: Words, start: int, size: int, left: int, right: int) -> int:
    tokens = words.cores
    lowest = 0
    while -lowest < left and tokens[start + lowest - 1] == tokens[start + size + lowest - 1]:
        lowest -= 1
    highest = 0
    while highest < right and tokens[start + highest] == tokens[start + size + highest]:
        highest += 1
    return max(
        range(lowest, highest + 1),
        key=lambda shift: (_break_before(words, start + shift), -abs(shift)),
    )


def _break_before(words: Words, at: int) -> int:
    """How natural a cut before token `at` is."""
    if at == 0:
        return 5
    before = words.cores[at - 1]
    gap = words.text[words.starts[at - 1] + len(before) : words.begin(at)]
    if "\n" in gap:
        return 4 if "\n" in gap.replace("\n", "", 1) else 3
    return 2 if before in _STOPS else 1 if before in _PAUSES else 0
