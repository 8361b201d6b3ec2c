"""Three-way merge of token sequences (diff3; Khanna, Kunal, Pierce, "A formal investigation of
Diff3", 2007): what only one side changed is taken, what both changed alike is taken once, what both
changed differently, or side by side without a token between them, is a clash."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from policyforum.text.alignment import align
from policyforum.text.linechanges import Change, changed_lines
from policyforum.text.words import tokenise

_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True)
class Clash:
    """What both sides changed in different ways."""

    base: str
    ours: str
    theirs: str


def merge_text(base: str, ours: str, theirs: str) -> list[str | Clash]:
    """Merge by lines, and what clashes by words; the parts in order."""
    merged: list[str | Clash] = []
    for part in _merged(changed_lines, *map(_LINE.findall, (base, ours, theirs))):
        if isinstance(part, Clash):
            merged.extend(merge_words(part))
        else:
            merged.append(part)
    return merged


def merge_words(clash: Clash) -> list[str | Clash]:
    """Merge what clashes as a whole by its words; white space alone never clashes."""
    parts = _merged(_changes, *map(_pieces, (clash.base, clash.ours, clash.theirs)))
    return [_settled(part) if isinstance(part, Clash) else part for part in parts]


def _merged(
    find_changes: Callable[[Sequence[str], Sequence[str]], list[Change]],
    base: Sequence[str],
    ours: Sequence[str],
    theirs: Sequence[str],
) -> list[str | Clash]:
    """Merge sequences of tokens; adjoining tokens of the outcome are joined."""
    merged: list[str | Clash] = []
    at = 0
    regions = _regions(find_changes(base, ours), find_changes(base, theirs))
    for start, end, mine, other in regions:
        merged.append("".join(base[at:start]))
        at = end
        before = "".join(base[start:end])
        our_text = _side(base, ours, start, end, mine)
        their_text = _side(base, theirs, start, end, other)
        if our_text == their_text or not other:
            merged.append(our_text)
        elif not mine:
            merged.append(their_text)
        else:
            merged.append(Clash(before, our_text, their_text))
    merged.append("".join(base[at:]))
    return [part for part in merged if part]


def _changes(base: Sequence[str], side: Sequence[str]) -> list[Change]:
    changes: list[Change] = []
    old = new = 0
    for block in [*align(base, side), None]:
        end, high = (block.old, block.new) if block else (len(base), len(side))
        if end > old or high > new:
            changes.append(Change(old, end, new, high))
        if block:
            old, new = block.old + block.size, block.new + block.size
    return _compacted(changes, base, side)


def _compacted(changes: list[Change], base: Sequence[str], side: Sequence[str]) -> list[Change]:
    """Slide pure insertions and deletions as far down as they go."""
    slid: list[Change] = []
    for index in range(len(changes) - 1, -1, -1):
        change = changes[index]
        limit = slid[-1].start if slid else len(base)
        start, end, low, high = change
        while end < limit and (start == end) != (low == high):
            moved = base[start] == base[end] if end > start else side[low] == side[high]
            if not moved:
                break
            start, end, low, high = start + 1, end + 1, low + 1, high + 1
        if slid and end == limit:
            after = slid.pop()
            slid.append(Change(start, after.end, low, after.high))
        else:
            slid.append(Change(start, end, low, high))
    slid.reverse()
    return slid


def _regions(
    ours: list[Change], theirs: list[Change]
) -> Iterator[tuple[int, int, list[Change], list[Change]]]:
    """Group changes of the two sides that overlap or touch."""
    mine: list[Change] = []
    other: list[Change] = []
    start = end = -1
    tagged = sorted([(change, 0) for change in ours] + [(change, 1) for change in theirs])
    for change, side in tagged:
        if (mine or other) and change.start > end:
            yield start, end, mine, other
            mine, other = [], []
        if not (mine or other):
            start = change.start
            end = change.end
        end = max(end, change.end)
        (mine if side == 0 else other).append(change)
    if mine or other:
        yield start, end, mine, other


def _side(
    base: Sequence[str], side: Sequence[str], start: int, end: int, changes: list[Change]
) -> str:
    """What one side made of base[start:end]."""
    parts: list[str] = []
    for change in changes:
        parts.extend(base[start : change.start])
        parts.extend(side[change.low : change.high])
        start = change.end
    parts.extend(base[start:end])
    return "".join(parts)


def _pieces(text: str) -> list[str]:
    """Words with the white space after each; white space that leads the text is a piece too."""
    cuts = [0, *tokenise(text).starts]
    return [text[start:end] for start, end in pairwise(cuts) if start < end]


def _settled(clash: Clash) -> str | Clash:
    ours, theirs, base = ("".join(text.split()) for text in (clash.ours, clash.theirs, clash.base))
    if ours == theirs:
        return clash.ours
    if ours == base:
        return clash.theirs
    return clash.ours if theirs == base else clash
