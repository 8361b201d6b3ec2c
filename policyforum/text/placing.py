"""Place the anchors of one revision in the next.

Tried in order: the offset map of the comparison, then what `searching` proposes: the exact words
with their surroundings, the words that replaced them, the most similar words elsewhere. What stays
below the threshold is `doubtful` or `unplaced` and says why.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from policyforum.text.diff import MOVED as SECTION_MOVED
from policyforum.text.diff import Comparison
from policyforum.text.keyed import KeyedSection
from policyforum.text.keyedtext import KeyedText
from policyforum.text.locating import locate, squeeze
from policyforum.text.offsets import OffsetMap
from policyforum.text.placements import (
    DOUBTFUL,
    EXACT,
    MOVED,
    REWORDED,
    UNPLACED,
    Anchor,
    AnchorRequest,
    Placement,
)
from policyforum.text.searching import SAME_PLACE, WORTH_SHOWING, Candidate, Quote, Search

_REWRITTEN: Final = 0.2  # below this share of kept characters a section is another text


class Placer:
    """Holds what the placements of one pair of revisions share."""

    def __init__(
        self,
        old: Sequence[KeyedSection],
        new: Sequence[KeyedSection],
        comparison: Comparison,
        chosen: Collection[str],
    ) -> None:
        self._old = KeyedText(old)
        self._new = KeyedText(new)
        self._map = OffsetMap(comparison, self._old.source, self._new.source)
        self._search = Search(self._old, self._new, self._map, comparison)
        self._moved = {
            change.key for change in comparison.sections if change.state == SECTION_MOVED
        }
        self._chosen = chosen

    def place(self, request: AnchorRequest) -> Placement:
        """Find one anchor in the new revision."""
        key, anchor = request.key, request.anchor
        if key is not None and key not in self._old.positions:
            return Placement(None, None, None, UNPLACED, 0.0, "section_unknown")
        if anchor is not None:
            return self._passage(key, anchor)
        if key is None:
            return Placement(None, None, None, EXACT, 1.0, "")
        return self._whole_section(key)

    def _whole_section(self, key: str) -> Placement:
        start, end = self._old.subtree(key)
        image = self._map.image(start, end)
        share = round(image.kept / max(1, len(squeeze(self._old.source[start:end]))), 3)
        if key in self._new.positions:
            sure = 1.0 if key in self._chosen else share
            if sure < _REWRITTEN:
                return Placement(key, None, None, DOUBTFUL, sure, "section_rewritten")
            if self._has_moved(key):
                return Placement(key, None, None, MOVED, sure, "section_moved")
            return Placement(key, None, None, EXACT, sure, "" if share == 1 else "section_edited")
        if image.start is None or image.end is None or share < _REWRITTEN:
            return Placement(None, None, None, UNPLACED, share, "section_removed")
        home = self._new.home(image.start, image.end)
        if home is not None and share >= SAME_PLACE:
            return Placement(home, None, None, MOVED, share, "section_merged")
        leaf = self._new.leaf(image.start)
        return Placement(leaf, None, None, DOUBTFUL, share, "section_removed")

    def _passage(self, key: str | None, anchor: Anchor) -> Placement:
        quote = self._quote(key, anchor)
        if quote is None:
            return Placement(
                key if key in self._new.positions else None,
                None,
                None,
                DOUBTFUL if key in self._new.positions else UNPLACED,
                0.0,
                "quote_not_found",
            )
        words = self._old.source[quote.start : quote.end]
        image = self._map.stretch(quote.start, quote.end)
        if image is not None and _same(self._new.source[slice(*image)], words):
            return self._found(quote, Candidate(1.0, *image, ""))
        doubts: list[Candidate] = []
        for candidate, enough in self._search.candidates(quote, words):
            if candidate.score >= enough:
                return self._found(quote, candidate)
            if candidate.score >= WORTH_SHOWING:
                doubts.append(candidate)
        return self._doubtful(quote, doubts)

    def _quote(self, key: str | None, anchor: Anchor) -> Quote | None:
        low, high = self._old.subtree(key) if key else (0, len(self._old.source))
        start, end = low + anchor.start, low + anchor.end
        if anchor.exact != self._old.source[start:end]:
            found = locate(
                self._old.source[low:high],
                anchor.exact,
                anchor.prefix,
                anchor.suffix,
                anchor.start,
            )
            if found is None:
                return None
            start, end = low + found[0], low + found[1]
        return None if anchor.exact.isspace() else Quote(key, anchor, start, end)

    def _found(self, quote: Quote, candidate: Candidate) -> Placement:
        start, end = self._trimmed(candidate.start, candidate.end)
        key = self._home(quote.key, start, end)
        words = self._old.source[quote.start : quote.end]
        if not _same(self._new.source[start:end], words):
            state, cause = REWORDED, candidate.cause
        elif key is not None and self._has_moved(key):
            state, cause = MOVED, "section_moved"
        elif key != quote.key or self._new.leaf(start) != self._old.leaf(quote.start):
            state, cause = MOVED, "passage_moved"
        else:
            state, cause = EXACT, ""
        return self._placement(key, start, end, state, candidate.score, cause)

    def _doubtful(self, quote: Quote, doubts: list[Candidate]) -> Placement:
        best = max(doubts, default=None)
        if best is not None:
            start, end = self._trimmed(best.start, best.end)
            key = self._home(quote.key, start, end)
            return self._placement(key, start, end, DOUBTFUL, best.score, best.cause)
        if quote.key is None or quote.key in self._new.positions:
            return Placement(quote.key, None, None, DOUBTFUL, 0.0, "passage_removed")
        return Placement(None, None, None, UNPLACED, 0.0, "section_removed")

    def _home(self, key: str | None, start: int, end: int) -> str | None:
        """The anchor's own section when it holds the stretch, else the innermost that does."""
        if key is None:
            return None
        if key in self._new.positions:
            low, high = self._new.subtree(key)
            if low <= start and end <= high:
                return key
        return self._new.home(start, end) or self._new.leaf(start)

    def _placement(
        self, key: str | None, start: int, end: int, state: str, score: float, cause: str
    ) -> Placement:
        base = self._new.subtree(key)[0] if key is not None else 0
        return Placement(key, start - base, end - base, state, round(score, 3), cause)

    def _has_moved(self, key: str) -> bool:
        return any(parent in self._moved for parent in self._new.around(key))

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        text = self._new.source[start:end]
        low = start + len(text) - len(text.lstrip())
        return low, max(low, start + len(text.rstrip()))


def _same(one: str, other: str) -> bool:
    """Whether two stretches say the same, white space aside."""
    return one == other or squeeze(one) == squeeze(other)
