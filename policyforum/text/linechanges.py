"""Which lines changed between two texts, exactly as git finds them.

Where lines repeat (blank ones do), several shortest alignments exist, and which one is taken
decides whether two people's changes meet. So that a merge here agrees with `git merge-file`, this
follows git's xdiff (LibXDiff by Davide Libenzi) step by step: Myers, "An O(ND) Difference Algorithm
and Its Variations", 1986, in its linear space form, after lines without a counterpart were set
aside; then each run of changed lines slides down, or to where the other text changed too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

from policyforum.text.alignment import align

# Beyond so many differences git takes short cuts; here the longest common subsequence decides.
_MOST_STEPS: Final = 256
_FREQUENT: Final = 1024  # a line that stands so often says nothing, even in a very long text
_WINDOW: Final = 100
_CROWD: Final = 4


class Change(NamedTuple):
    """old[start:end] was replaced by new[low:high]; either may be empty."""

    start: int
    end: int
    low: int
    high: int


def changed_lines(old: Sequence[str], new: Sequence[str]) -> list[Change]:
    """Find what changed, in order; unchanged lines lie between any two changes."""
    ours, theirs = _Side(old), _Side(new)
    _compare(ours, theirs)
    _compact(ours, theirs)
    _compact(theirs, ours)
    return list(_script(ours, theirs))


class _Side:
    """One text's lines, and which of them changed. After the last stands an unchanged one."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.changed = bytearray(len(lines) + 1)  # so changed[-1] is False as well


def _compare(ours: _Side, theirs: _Side) -> None:
    """Mark the changed lines of both texts."""
    old, new = ours.lines, theirs.lines
    shorter = min(len(old), len(new))
    head = 0
    while head < shorter and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < shorter - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    here = _worthwhile(ours, Counter(new), head, len(old) - tail)
    there = _worthwhile(theirs, Counter(old), head, len(new) - tail)
    _Myers(ours, here, theirs, there).run()


def _worthwhile(side: _Side, others: Counter[str], start: int, end: int) -> list[int]:
    """The lines to align; those that the other text lacks are marked as changed.

    So are frequent ones in a crowd of lines without counterpart.
    """
    limit = min(_root(len(side.lines)), _FREQUENT)
    counts = [others[line] for line in islice(side.lines, start, end)]
    sorts = bytes(2 if count >= limit else 1 if count else 0 for count in counts)
    kept: list[int] = []
    for at, sort in enumerate(sorts):
        if sort == 1 or (sort == 2 and not _in_crowd(sorts, at)):
            kept.append(start + at)
        else:
            side.changed[start + at] = True
    return kept


def _root(amount: int) -> int:
    """About the square root: a power of two."""
    root = 1
    while amount:
        root *= 2
        amount //= 4
    return root


def _in_crowd(sorts: bytes, at: int) -> bool:
    """Whether most lines around a frequent one, up to lines worth aligning, have no counterpart."""
    before = sorts[max(0, at - _WINDOW) : at].rpartition(b"\x01")[2]
    after = sorts[at + 1 : at + 1 + _WINDOW].partition(b"\x01")[0]
    if 0 not in before or 0 not in after:
        return False
    lost = before.count(0) + after.count(0)
    frequent = before.count(2) + after.count(2) + 2
    return frequent * _CROWD < frequent + lost


class _Myers:
    """Aligns the lines of two texts, given by their numbers, and marks those left over."""

    def __init__(self, ours: _Side, here: list[int], theirs: _Side, there: list[int]) -> None:
        self._ours = ours
        self._here = here
        self._theirs = theirs
        self._there = there
        self._old = [ours.lines[at] for at in here]
        self._new = [theirs.lines[at] for at in there]
        diagonals = len(here) + len(there) + 3
        self._forward = [0] * diagonals  # by diagonal, negative ones from the end
        self._backward = [0] * diagonals

    def run(self) -> None:
        """Mark the changed lines."""
        old, new = self._old, self._new
        todo = [(0, len(old), 0, len(new))]
        while todo:
            a1, a2, b1, b2 = todo.pop()
            while a1 < a2 and b1 < b2 and old[a1] == new[b1]:
                a1, b1 = a1 + 1, b1 + 1
            while a1 < a2 and b1 < b2 and old[a2 - 1] == new[b2 - 1]:
                a2, b2 = a2 - 1, b2 - 1
            if a1 == a2 or b1 == b2:
                self._mark(a1, a2, b1, b2)
                continue
            split = self._middle(a1, a2, b1, b2)
            if split:
                todo += [(a1, split[0], b1, split[1]), (split[0], a2, split[1], b2)]
            else:
                self._give_up(a1, a2, b1, b2)

    def _mark(self, a1: int, a2: int, b1: int, b2: int) -> None:
        for at in self._here[a1:a2]:
            self._ours.changed[at] = True
        for at in self._there[b1:b2]:
            self._theirs.changed[at] = True

    def _give_up(self, a1: int, a2: int, b1: int, b2: int) -> None:
        for block in align(self._old[a1:a2], self._new[b1:b2]):
            self._mark(a1, a1 + block.old, b1, b1 + block.new)
            a1, b1 = a1 + block.old + block.size, b1 + block.new + block.size
        self._mark(a1, a2, b1, b2)

    def _middle(self, a1: int, a2: int, b1: int, b2: int) -> tuple[int, int] | None:
        """Where a shortest path from both ends meets; None when that takes too many steps."""
        old, new, forward, backward = self._old, self._new, self._forward, self._backward
        lowest, highest = a1 - b2, a2 - b1
        low = high = a1 - b1  # the forward path's diagonals
        back_low = back_high = a2 - b2
        odd = (low - back_low) % 2 == 1
        forward[low] = a1
        backward[back_low] = a2
        for _ in range(_MOST_STEPS):
            low, high = _widened(forward, low, high, lowest, highest, -1)
            for diagonal in range(high, low - 1, -2):
                a = max(forward[diagonal - 1] + 1, forward[diagonal + 1])
                b = a - diagonal
                while a < a2 and b < b2 and old[a] == new[b]:
                    a, b = a + 1, b + 1
                forward[diagonal] = a
                if odd and back_low <= diagonal <= back_high and backward[diagonal] <= a:
                    return a, b
            back_low, back_high = _widened(
                backward, back_low, back_high, lowest, highest, len(old) + len(new) + 1
            )
            for diagonal in range(back_high, back_low - 1, -2):
                a = min(backward[diagonal - 1], backward[diagonal + 1] - 1)
                b = a - diagonal
                while a > a1 and b > b1 and old[a - 1] == new[b - 1]:
                    a, b = a - 1, b - 1
                backward[diagonal] = a
                if not odd and low <= diagonal <= high and a <= forward[diagonal]:
                    return a, b
        return None


def _widened(
    reached: list[int], low: int, high: int, lowest: int, highest: int, nowhere: int
) -> tuple[int, int]:
    """One diagonal more on either side; where there is none, one less."""
    if low > lowest:
        low -= 1
        reached[low - 1] = nowhere
    else:
        low += 1
    if high < highest:
        high += 1
        reached[high + 1] = nowhere
    else:
        high -= 1
    return low, high


class _Group:
    """A run of changed lines, maybe empty, between two unchanged ones."""

    def __init__(self, side: _Side) -> None:
        self._lines = side.lines
        self._changed = side.changed
        self.start = self.end = 0
        self._grow()

    @property
    def is_empty(self) -> bool:
        return self.start == self.end

    def advance(self) -> bool:
        """Go to the next group; False after the last."""
        if self.end == len(self._lines):
            return False
        self.start = self.end = self.end + 1
        self._grow()
        return True

    def retreat(self) -> None:
        """Go to the group before."""
        self.end = self.start = self.start - 1
        self._grow_up()

    def slide_up(self) -> bool:
        """Leave the last line out and take the one before, if they are equal."""
        start, end = self.start, self.end
        if start == 0 or self._lines[start - 1] != self._lines[end - 1]:
            return False
        self.start, self.end = start - 1, end - 1
        self._changed[start - 1], self._changed[end - 1] = True, False
        self._grow_up()
        return True

    def slide_down(self) -> bool:
        """Leave the first line out and take the one after, if they are equal."""
        start, end = self.start, self.end
        if end == len(self._lines) or self._lines[start] != self._lines[end]:
            return False
        self._changed[start], self._changed[end] = False, True
        self.start, self.end = start + 1, end + 1
        self._grow()
        return True

    def _grow(self) -> None:
        while self._changed[self.end]:
            self.end += 1

    def _grow_up(self) -> None:
        while self._changed[self.start - 1]:
            self.start -= 1


def _compact(side: _Side, other: _Side) -> None:
    """Slide each group down, or to the last place where the other text changed as well."""
    group, beside = _Group(side), _Group(other)
    while True:
        if not group.is_empty:
            _settle(group, beside)
        if not group.advance():
            return
        beside.advance()


def _settle(group: _Group, beside: _Group) -> None:
    size = 0
    meets = False
    while size != group.end - group.start:
        size = group.end - group.start
        while group.slide_up():
            beside.retreat()
        highest = group.end
        meets = not beside.is_empty
        while group.slide_down():
            beside.advance()
            meets = meets or not beside.is_empty
    if group.end != highest and meets:
        while beside.is_empty:
            group.slide_up()
            beside.retreat()


def _script(ours: _Side, theirs: _Side) -> Iterator[Change]:
    group, beside = _Group(ours), _Group(theirs)
    while True:
        if not (group.is_empty and beside.is_empty):
            yield Change(group.start, group.end, beside.start, beside.end)
        if not group.advance():
            return
        beside.advance()
