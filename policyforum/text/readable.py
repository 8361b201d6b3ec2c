"""An alignment a reader can follow: of the alignments that are short, one that reads well.

Matches of a lone common word between two larger changes are given up, a replacement takes along the
bracket it closes, and changes slide to where a sentence or line begins.
"""

from __future__ import annotations

from typing import Final

from policyforum.text.alignment import Block, align, joined
from policyforum.text.words import Words, differing, is_word, token_id

_FEW: Final = 4  # tokens; a longer match is never a stray
_STOPS: Final = frozenset(".!?;:|")
_PAUSES: Final = frozenset(",)")
_CLOSING: Final = token_id(")")


def align_readably(old: Words, new: Words) -> list[Block]:
    """Find the blocks of words that stay, in order."""
    blocks = _true(align(old.ids, new.ids), old, new)
    if len(blocks) > 1:
        blocks = _without_strays(blocks, old, new)
    return _slid(_closed(blocks, old, new), old, new)


def _true(blocks: list[Block], old: Words, new: Words) -> list[Block]:
    """The blocks whose tokens are equal, not only their ids; gaps so opened are aligned by text."""
    found: list[Block] = []
    opened: list[int] = []  # before which of the blocks found a pair of tokens was given up
    old_text, new_text, old_starts, new_starts = old.text, new.text, old.starts, new.starts
    for block in blocks:
        a, b, size = block
        before = old_text[old_starts[a] : old_starts[a + size]]
        after = new_text[new_starts[b] : new_starts[b + size]]
        if before == after or before.rstrip() == after.rstrip():
            found.append(block)
            continue
        start = 0
        for at in [*differing(old, a, new, b, size), size]:
            if start < at:
                found.append(Block(a + start, b + start, at - start))
            if at < size:
                opened.append(len(found))
            start = at + 1
    return joined(_refilled(found, opened, old, new)) if opened else found


def _refilled(blocks: list[Block], opened: list[int], old: Words, new: Words) -> list[Block]:
    """The blocks, and what is equal in the gaps before those whose numbers are given."""
    bounds = [Block(0, 0, 0), *blocks, Block(len(old), len(new), 0)]
    refilled: list[Block] = []
    done = 0
    for number in dict.fromkeys(opened):
        refilled += blocks[done:number]
        done = number
        at_old, at_new, size = bounds[number]
        end_old, end_new, _ = bounds[number + 1]
        gone = [old.core(at) for at in range(at_old + size, end_old)]
        came = [new.core(at) for at in range(at_new + size, end_new)]
        if not set(gone).isdisjoint(came):
            for a, b, same in align(gone, came):
                refilled.append(Block(at_old + size + a, at_new + size + b, same))
    return refilled + blocks[done:]


def _without_strays(blocks: list[Block], old: Words, new: Words) -> list[Block]:
    """Give up lone common words and marks that split one larger replacement in two."""
    kept: list[Block] = []
    end_old = end_new = 0
    for at, block in enumerate(blocks, start=1):
        a, b, size = block
        if size <= _FEW:
            next_a, next_b, _ = blocks[at] if at < len(blocks) else (len(old), len(new), 0)
            left_old, right_old = a - end_old, next_a - a - size
            left_new, right_new = b - end_new, next_b - b - size
            smaller = min(left_old + left_new, right_old + right_new)
            less = min(left_old + right_old, left_new + right_new)
            if size <= smaller and less and _is_stray(_weight(old, block), smaller, less):
                left = old.count(end_old, a) + new.count(end_new, b)
                right = old.count(a + size, next_a) + new.count(b + size, next_b)
                if left and right:  # between mere marks a word stays: *atau* and _atau_
                    continue
        kept.append(block)
        end_old, end_new = a + size, b + size
    return kept


def _weight(old: Words, block: Block) -> float:
    """How much a match says: a mark little, a short word some, a long word much."""
    tokens = map(old.core, range(block.old, block.old + block.size))
    return sum(min(len(token), 8) / 4 if is_word(token) else 0.25 for token in tokens)


def _is_stray(weight: float, smaller: int, less: int) -> bool:
    """`smaller`: tokens changed on the quieter side; `less`: those deleted or those inserted."""
    return weight * 4 <= smaller and weight * 3 <= less


def _closed(blocks: list[Block], old: Words, new: Words) -> list[Block]:
    """Let a replacement take the bracket that closes what it opens: 5 (lima) by 7 (tujuh)."""
    closed: list[Block] = []
    at_old = at_new = 0
    ids = old.ids
    for block in blocks:
        a, b, size = block
        taken = (
            ids[a] == _CLOSING
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
        a, b, size = slid[index]
        next_a, next_b, next_size = slid[index + 1]
        gone, came = next_a - a - size, next_b - b - size
        if gone and came:
            continue
        words, start, amount = (old, a + size, gone) if gone else (new, b + size, came)
        ids, last = words.ids, start + amount - 1
        if ids[start - 1] != ids[last] and ids[start] != ids[last + 1]:
            continue
        shift = _best_shift(words, start, amount, size, next_size)
        if shift:
            slid[index] = Block(a, b, size + shift)
            slid[index + 1] = Block(next_a + shift, next_b + shift, next_size - shift)
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
