"""Place the anchors of one revision in the next.

Tried in order: the offset map of the comparison, the exact words with their surroundings, the words
that replaced them, the most similar words elsewhere. What stays below the threshold is `doubtful`
or `unplaced` and says why; a place that already belongs to another passage is never taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final, NamedTuple

from policyforum.text.candidates import WordIndex
from policyforum.text.diff import GONE, Comparison
from policyforum.text.diff import MOVED as SECTION_MOVED
from policyforum.text.keyed import KeyedSection
from policyforum.text.keyedtext import KeyedText
from policyforum.text.likeness import aligned, likeness
from policyforum.text.locating import context_fit, locate, squeeze
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
from policyforum.text.words import words_of

_REWRITTEN: Final = 0.2  # below this share of kept characters a section is another text
_SAME_PLACE: Final = 0.5  # likeness that makes a replacement a rewording
_CLOSE: Final = 0.75  # likeness of a replacement of which no part need be looked at alone
_UNSUPPORTED: Final = 0.1  # taken off where the comparison kept no word of the passage
_ELSEWHERE: Final = 0.7  # the same, away from where the words stood
_WORTH_SHOWING: Final = 0.35  # likeness that makes a candidate for a person to judge
_DISTINCTIVE: Final = 24  # characters; a shorter quotation may be a common turn of phrase
_FITTING: Final = 0.6  # score of a verbatim place that is certain
_VOUCHED: Final = 0.72  # how well surroundings must fit to vouch for a short quotation
_AHEAD: Final = 0.1  # by how much one place must fit better than the next
_WIDEST_SEARCH: Final = 40_000  # characters


class _Quote(NamedTuple):
    """A quotation found again in its own revision."""

    key: str | None
    anchor: Anchor
    start: int
    end: int


class _Candidate(NamedTuple):
    score: float
    start: int
    end: int
    cause: str


class Placer:
    """Holds what the placements of one pair of revisions share."""

    def __init__(
        self, old: Sequence[KeyedSection], new: Sequence[KeyedSection], comparison: Comparison
    ) -> None:
        self._old = KeyedText(old)
        self._new = KeyedText(new)
        self._map = OffsetMap(comparison, self._old.source, self._new.source)
        self._comparison = comparison
        self._moved = {
            change.key for change in comparison.sections if change.state == SECTION_MOVED
        }

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
            if share < _REWRITTEN:
                return Placement(key, None, None, DOUBTFUL, share, "section_rewritten")
            if self._has_moved(key):
                return Placement(key, None, None, MOVED, share, "section_moved")
            return Placement(key, None, None, EXACT, share, "" if share == 1 else "section_edited")
        if image.start is None or image.end is None or share < _REWRITTEN:
            return Placement(None, None, None, UNPLACED, share, "section_removed")
        home = self._new.home(image.start, image.end)
        if home is not None and share >= _SAME_PLACE:
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
            return self._found(quote, _Candidate(1.0, *image, ""))
        doubts: list[_Candidate] = []
        for candidate, enough in self._candidates(quote, words):
            if candidate.score >= enough:
                return self._found(quote, candidate)
            if candidate.score >= _WORTH_SHOWING:
                doubts.append(candidate)
        return self._doubtful(quote, doubts)

    def _candidates(self, quote: _Quote, words: str) -> Iterator[tuple[_Candidate, float]]:
        """Places the passage may have gone to, with the score that makes each of them certain."""
        places = self._new.places_of(words)
        verbatim = self._verbatim(quote, places, len(squeeze(words)))
        if verbatim is not None:
            yield verbatim, _FITTING
        replaced = self._replaced(quote)
        if replaced is not None:
            # The same words still stand in other sentences: these here may be gone for good.
            yield replaced, _ELSEWHERE if places else _SAME_PLACE
        for similar in self._similar(quote):
            yield similar, _ELSEWHERE

    def _quote(self, key: str | None, anchor: Anchor) -> _Quote | None:
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
        return None if anchor.exact.isspace() else _Quote(key, anchor, start, end)

    def _verbatim(
        self, quote: _Quote, places: Sequence[tuple[int, int]], size: int
    ) -> _Candidate | None:
        """The same words somewhere no other passage came from, judged by their surroundings."""
        ranked = [
            (self._fit(quote, start, end), -start, end)
            for start, end in places
            if self._map.came_from(start, end) is None
        ]
        if not ranked:
            return None
        ranked.sort(reverse=True)
        fit, start, end = ranked[0][0], -ranked[0][1], ranked[0][2]
        alone = len(ranked) == 1 or fit - ranked[1][0] >= _AHEAD
        if size >= _DISTINCTIVE and alone:
            fit = max(fit, _FITTING)
        elif not alone or fit < _VOUCHED:
            fit = min(fit, _FITTING - 0.01)
        cause = "passage_moved" if fit >= _FITTING else "ambiguous"
        return _Candidate(round(min(fit, 0.99), 3), start, end, cause)

    def _fit(self, quote: _Quote, start: int, end: int) -> float:
        """Surroundings count for three quarters, the same section for one."""
        fit = context_fit(self._new.source, start, end, quote.anchor.prefix, quote.anchor.suffix)
        leaf = self._old.leaf(quote.start)
        return 0.75 * fit + 0.25 * (self._new.leaf(start) == leaf)

    def _replaced(self, quote: _Quote) -> _Candidate | None:
        """The words that stand where the passage stood."""
        exact = self._old.source[quote.start : quote.end]
        image = self._map.stretch(quote.start, quote.end)
        found: list[_Candidate] = []
        if image is not None:
            found += self._likely(exact, *image)
        hunk = self._map.hunk(quote.start, quote.end) if image is None else None
        if hunk and hunk.new_start < hunk.new_end:
            found += (
                candidate._replace(score=candidate.score - _UNSUPPORTED)
                for candidate in self._likely(exact, hunk.new_start, hunk.new_end)
            )
            spare = squeeze(self._old.source[hunk.old_start : quote.start])
            spare += squeeze(self._old.source[quote.end : hunk.old_end])
            new = squeeze(self._new.source[hunk.new_start : hunk.new_end])
            alike = len(new) <= 2 * len(exact) + 10 and len(exact) <= 80
            if alike and len(spare) <= 2 and words_of(new):
                found.append(_Candidate(_SAME_PLACE, hunk.new_start, hunk.new_end, ""))
        best = max(found, default=None)
        return best and best._replace(cause="passage_reworded")

    def _likely(self, exact: str, start: int, end: int) -> Iterator[_Candidate]:
        """A stretch as a whole, and the part of it most like the passage."""
        if end - start > _WIDEST_SEARCH:
            return
        text = self._new.source[start:end]
        whole = likeness(exact, text)
        yield _Candidate(whole, start, end, "")
        if whole >= _CLOSE:
            return
        low, high = aligned(exact, text)
        if low < high:
            score = likeness(exact, text[low:high])
            yield _Candidate(score - 0.01, start + low, start + high, "")

    def _similar(self, quote: _Quote) -> Iterator[_Candidate]:
        """The words most like the passage among those that came new into the text."""
        exact = self._old.source[quote.start : quote.end]
        for at in self._inserted.like(words_of(exact.casefold())):
            section = self._new.entries[at].section
            if len(section.text) > _WIDEST_SEARCH:
                continue
            low, high = aligned(exact, section.text)
            if low == high:
                continue
            start, end = section.offset + low, section.offset + high
            if self._map.claimed(start, end) < 0.5:
                score = likeness(exact, section.text[low:high])
                yield _Candidate(score, start, end, "passage_moved_and_reworded")

    @cached_property
    def _inserted(self) -> WordIndex:
        """New sections by the words that were inserted into them."""
        return WordIndex(
            (
                self._new.positions[change.key],
                words_of(
                    " ".join(span.text for span in change.spans if span.op == "insert").casefold()
                ),
            )
            for change in self._comparison.sections
            if change.state != GONE and change.spans
        )

    def _found(self, quote: _Quote, candidate: _Candidate) -> Placement:
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

    def _doubtful(self, quote: _Quote, doubts: list[_Candidate]) -> Placement:
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
