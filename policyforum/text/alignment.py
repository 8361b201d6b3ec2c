"""Which tokens of two sequences belong together: small and readable.

The longest common subsequence (Hyyrö's bit-parallel algorithm as implemented by rapidfuzz) inside
gaps of bounded size; larger gaps are first cut at n-grams that occur once on either side and in the
same order (Bram Cohen's patience idea). Then matches of a lone common word between two larger
changes are given up, and changes slide to where a sentence or line begins.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from typing import Final, NamedTuple

from rapidfuzz.distance import Indel

from policyforum.text.words import Words, is_word, token_id

# rapidfuzz keeps a matrix of (old × new) bits: 2 MB at this size.
_LARGEST_GAP: Final = 16_000_000
_GRAMS: Final = (6, 3, 1)
_STOPS: Final = frozenset(".!?;:|")
_PAUSES: Final = frozenset(",)")
_CLOSING: Final = token_id(")")


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
            for found in Indel.opcodes(old[a1:a2], new[b1:b2]).as_matching_blocks():
                blocks.append(Block(a1 + found.a, b1 + found.b, found.size))
        elif depth < len(_GRAMS):
            anchors = _unique_grams(old, new, a1, a2, b1, b2, _GRAMS[depth])
            todo.extend(_gaps(anchors, a1, a2, b1, b2, _GRAMS[depth], depth))
    return _joined(sorted(block for block in blocks if block.size))


def align_readably(old: Words, new: Words) -> list[Block]:
    """Find matching blocks a reader can follow: as `align`, tidied."""
    blocks = _true(align(old.ids, new.ids), old, new)
    if len(blocks) > 1:
        blocks = _without_strays(blocks, old, new)
    return _slid(_closed(blocks, old, new), old, new)


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
    """How many tokens agree from the start on, halving what is still open."""
    size, limit = 0, min(a2 - a1, b2 - b1)
    while size < limit:
        step = (limit - size + 1) // 2
        if old[a1 + size : a1 + size + step] == new[b1 + size : b1 + size + step]:
            size += step
        else:
            limit = size + step - 1
    return size


def _common_tail(
    old: Sequence[Hashable], new: Sequence[Hashable], a1: int, a2: int, b1: int, b2: int
) -> int:
    size, limit = 0, min(a2 - a1, b2 - b1)
    while size < limit:
        step = (limit - size + 1) // 2
        if old[a2 - size - step : a2 - size] == new[b2 - size - step : b2 - size]:
            size += step
        else:
            limit = size + step - 1
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


def _true(blocks: list[Block], old: Words, new: Words) -> list[Block]:
    """The blocks whose tokens are equal, not only their ids; gaps so opened are aligned by text."""
    found: list[Block] = []
    lost: list[int] = []
    old_text, new_text, old_starts, new_starts = old.text, new.text, old.starts, new.starts
    for block in blocks:
        a, b, size = block
        before = old_text[old_starts[a] : old_starts[a + size]]
        if before == new_text[new_starts[b] : new_starts[b + size]]:
            found.append(block)
        else:
            unequal = [at for at in range(size) if old.core(a + at) != new.core(b + at)]
            lost += (a + at for at in unequal)
            found += _parts(block, unequal)
    return _joined(list(_refilled(found, lost, old, new))) if lost else found


def _parts(block: Block, unequal: list[int]) -> Iterator[Block]:
    """A block without some of its tokens."""
    start = 0
    for at in [*unequal, block.size]:
        if start < at:
            yield Block(block.old + start, block.new + start, at - start)
        start = at + 1


def _refilled(blocks: list[Block], lost: list[int], old: Words, new: Words) -> Iterator[Block]:
    """The blocks, and what is equal in the gaps that hold old tokens matched by mistake."""
    a = b = 0
    for block in [*blocks, Block(len(old), len(new), 0)]:
        if b < block.new and bisect_left(lost, a) < bisect_left(lost, block.old):
            gone = [old.core(at) for at in range(a, block.old)]
            came = [new.core(at) for at in range(b, block.new)]
            for found in align(gone, came):
                yield Block(a + found.old, b + found.new, found.size)
        if block.size:
            yield block
        a, b = block.old + block.size, block.new + block.size


def _without_strays(blocks: list[Block], old: Words, new: Words) -> list[Block]:
    """Give up lone common words and marks that split one larger replacement in two."""
    kept: list[Block] = []
    last = Block(0, 0, 0)
    following = [*blocks[1:], Block(len(old), len(new), 0)]
    for block, after in zip(blocks, following, strict=True):
        left_old, left_new = block.old - last.old - last.size, block.new - last.new - last.size
        right_old = after.old - block.old - block.size
        right_new = after.new - block.new - block.size
        smaller = min(left_old + left_new, right_old + right_new)
        less = min(left_old + right_old, left_new + right_new)
        if block.size <= smaller and less and _is_stray(_weight(old, block), smaller, less):
            continue
        kept.append(block)
        last = block
    return kept


def _weight(old: Words, block: Block) -> float:
    """How much a match says: a mark little, a short word some, a long word much."""
    if block.size > 4:
        return 99.0
    tokens = map(old.core, range(block.old, block.old + block.size))
    return sum(min(len(token), 8) / 4 if is_word(token) else 0.25 for token in tokens)


def _is_stray(weight: float, smaller: int, less: int) -> bool:
    """`smaller`: tokens changed on the quieter side; `less`: those deleted or those inserted."""
    return weight * 4 <= smaller and weight * 3 <= less


def _closed(blocks: list[Block], old: Words, new: Words) -> list[Block]:
    """Let a replacement take the bracket that closes what it opens: 5 (lima) by 7 (tujuh)."""
    closed: list[Block] = []
    at_old = at_new = 0
    for block in blocks:
        a, b, size = block
        taken = (
            old.ids[a] == _CLOSING
            and old.core(a) == ")"
            and _opens(old, at_old, a)
            and _opens(new, at_new, b)
        )
        if not taken:
            closed.append(block)
        elif size > 1:
            closed.append(Block(a + 1, b + 1, size - 1))
        at_old, at_new = a + size, b + size
    return closed


def _opens(words: Words, start: int, end: int) -> bool:
    tokens = [words.core(at) for at in range(start, end)]
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
        if shift:
            slid[index] = Block(left.old, left.new, left.size + shift)
            slid[index + 1] = Block(right.old + shift, right.new + shift, right.size - shift)
    return [block for block in slid if block.size]


def _best_shift(words: Words, start: int, size: int, left: int, right: int) -> int:
    ids = words.ids
    lowest = highest = 0
    while -lowest < left and ids[start + lowest - 1] == ids[start + size + lowest - 1]:
        if words.core(start + lowest - 1) != words.core(start + size + lowest - 1):
            break
        lowest -= 1
    while highest < right and ids[start + highest] == ids[start + size + highest]:
        if words.core(start + highest) != words.core(start + size + highest):
            break
        highest += 1
    if lowest == highest:
        return 0
    return max(
        range(lowest, highest + 1),
        key=lambda shift: (_break_before(words, start + shift), -abs(shift)),
    )


def _break_before(words: Words, at: int) -> int:
    """How natural a cut before token `at` is."""
    if at == 0:
        return 5
    before = words.core(at - 1)
    gap = words.text[words.starts[at - 1] + len(before) : words.starts[at]]
    if "\n" in gap:
        return 4 if "\n" in gap.replace("\n", "", 1) else 3
    return 2 if before in _STOPS else 1 if before in _PAUSES else 0
