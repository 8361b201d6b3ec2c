"""Where every character of the old text went: the offset map of a comparison."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from policyforum.text.diff import Comparison, SectionChange
from policyforum.text.words import tokenise


class Segment(NamedTuple):
    """Characters that stayed: `size` of them, from `old` in the one text to `new` in the other."""

    old: int
    new: int
    size: int


@dataclass(frozen=True, slots=True)
class Image:
    """What became of a stretch of the old text.

    `start`, `end`: the stretch of the new text it turned into (None when nothing is left of it);
    `kept`: how many of its characters other than white space are still there.
    """

    start: int | None
    end: int | None
    kept: int


class Hunk(NamedTuple):
    """A replaced stretch: old[old_start:old_end] gave way to new[new_start:new_end]."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


class OffsetMap:
    """Looks up stretches of the old source in the new source, in logarithmic time."""

    def __init__(self, comparison: Comparison, old_text: str, new_text: str) -> None:
        self._old_text = old_text
        self._new_text = new_text
        self._kept = list(_kept(comparison))
        self._kept_starts = [segment.old for segment in self._kept]
        everything = [segment for segment in self._kept if segment.size]
        everything += _moved(comparison)
        self._forward = sorted(everything)
        self._forward_starts = [segment.old for segment in self._forward]
        self._backward = sorted(
            Segment(segment.new, segment.old, segment.size) for segment in everything
        )
        self._backward_starts = [segment.old for segment in self._backward]

    def image(self, start: int, end: int) -> Image:
        """What became of old[start:end], its edges widened to what replaced them."""
        found = _follow(self._forward, self._forward_starts, start, end)
        kept = sum(_solid(self._old_text, part.old, part.old + part.size) for part in found)
        low, high = self._widened(found, start, end) or (None, None)
        return Image(low, high, kept)

    def stretch(self, start: int, end: int) -> tuple[int, int] | None:
        """The stretch of the new text old[start:end] turned into, as in its `image`."""
        return self._widened(_follow(self._forward, self._forward_starts, start, end), start, end)

    def _widened(self, found: list[Segment], start: int, end: int) -> tuple[int, int] | None:
        if not found:
            return None
        low = min(part.new for part in found)
        high = max(part.new + part.size for part in found)
        head, tail = found[0], found[-1]
        if start < head.old and head.new == low:
            hunk = self.hunk(start, head.old)
            if hunk and hunk.new_end == low and _mostly(hunk, start, head.old):
                low = hunk.new_start
        if tail.old + tail.size < end and tail.new + tail.size == high:
            hunk = self.hunk(tail.old + tail.size, end)
            if hunk and hunk.new_start == high and _mostly(hunk, tail.old + tail.size, end):
                high = hunk.new_end
        return low, high

    def hunk(self, start: int, end: int) -> Hunk | None:
        """What replaced old[start:end], none of which stayed, with the deleted words around it.

        None when its neighbours went separate ways.
        """
        before = bisect_right(self._kept_starts, start) - 1
        after = bisect_left(self._kept_starts, end)
        if before < 0 or after >= len(self._kept):
            return None
        head, tail = self._kept[before], self._kept[after]
        hunk = Hunk(head.old + head.size, tail.old, head.new + head.size, tail.new)
        return hunk if hunk.new_start <= hunk.new_end else None

    def came_from(self, start: int, end: int) -> tuple[int, int] | None:
        """The stretch of the old text that stands, all of it, at new[start:end]; else None."""
        found = _follow(self._backward, self._backward_starts, start, end)
        kept = sum(_solid(self._new_text, part.old, part.old + part.size) for part in found)
        if not found or kept < _solid(self._new_text, start, end):
            return None
        low = min(part.new for part in found)
        high = max(part.new + part.size for part in found)
        return (low, high) if _solid(self._old_text, low, high) == kept else None

    def claimed(self, start: int, end: int) -> float:
        """Share of new[start:end] that stood in the old text before, 0 to 1."""
        found = _follow(self._backward, self._backward_starts, start, end)
        kept = sum(_solid(self._new_text, part.old, part.old + part.size) for part in found)
        return kept / max(1, _solid(self._new_text, start, end))


def _follow(segments: list[Segment], starts: list[int], start: int, end: int) -> list[Segment]:
    """The parts of segments that lie between start and end."""
    found: list[Segment] = []
    at = max(0, bisect_right(starts, start) - 1)
    while at < len(segments) and segments[at].old < end:
        segment = segments[at]
        low, high = max(start, segment.old), min(end, segment.old + segment.size)
        if low < high:
            found.append(Segment(low, segment.new + low - segment.old, high - low))
        at += 1
    return found


def _solid(text: str, start: int, end: int) -> int:
    """How many characters other than white space."""
    return sum(map(len, text[start:end].split()))


def _mostly(hunk: Hunk, start: int, end: int) -> bool:
    return 2 * (end - start) >= hunk.old_end - hunk.old_start


def _kept(comparison: Comparison) -> Iterator[Segment]:
    """What stayed in its section; an empty segment marks either end of each section."""
    pairs = [change for change in comparison.sections if change.before and change.after]
    pairs.sort(key=lambda change: change.before.section.offset if change.before else 0)
    for change in pairs:
        if change.before is None or change.after is None:
            continue
        before, after = change.before.section, change.after.section
        yield Segment(before.offset, after.offset, 0)
        if change.spans:
            yield from _equal(change, before.offset, after.offset)
        else:
            yield Segment(before.offset, after.offset, len(before.text))
        yield Segment(before.end, after.end, 0)


def _equal(change: SectionChange, old: int, new: int) -> Iterator[Segment]:
    for span in change.spans:
        if span.op == "equal":
            yield Segment(old, new, len(span.text))
        old += len(span.text) if span.op != "insert" else 0
        new += len(span.text) if span.op != "delete" else 0


def _moved(comparison: Comparison) -> Iterator[Segment]:
    """What stayed together on its way to another place."""
    left: dict[int, tuple[int, str]] = {}
    came: dict[int, tuple[int, str]] = {}
    for change in comparison.sections:
        old = change.before.section.offset if change.before else 0
        new = change.after.section.offset if change.after else 0
        for span in change.spans:
            if span.passage:
                (left if span.op == "delete" else came)[span.passage] = (
                    old if span.op == "delete" else new,
                    span.text,
                )
            old += len(span.text) if span.op != "insert" else 0
            new += len(span.text) if span.op != "delete" else 0
    for number, (old, text) in left.items():
        if number not in came:
            continue
        new, other = came[number]
        if text == other:
            yield Segment(old, new, len(text))
            continue
        ours, theirs = tokenise(text), tokenise(other)
        for here, there, core in zip(ours.starts, theirs.starts, ours.cores, strict=False):
            yield Segment(old + here, new + there, len(core))
