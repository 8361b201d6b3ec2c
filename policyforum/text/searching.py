"""Where else the words of an anchor could stand: the exact ones, what replaced them, similar ones.

A place that already belongs to another passage is never taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final, NamedTuple

from policyforum.text.candidates import WordIndex
from policyforum.text.diff import GONE, Comparison
from policyforum.text.keyedtext import KeyedText
from policyforum.text.likeness import aligned, likeness
from policyforum.text.locating import context_fit, squeeze
from policyforum.text.offsets import Hunk, OffsetMap
from policyforum.text.placements import Anchor
from policyforum.text.words import words_of

WORTH_SHOWING: Final = 0.35  # likeness that makes a candidate for a person to judge
SAME_PLACE: Final = 0.5  # likeness that makes a replacement a rewording
_UNRELATED: Final = SAME_PLACE - 0.01  # score of a new section in the place of another
_CLOSE: Final = 0.75  # likeness of a replacement that needs no search for anything better
_NEARBY: Final = 2_000  # characters around it in which the words themselves are looked for
_UNSUPPORTED: Final = 0.1  # taken off where the comparison kept no word of the passage
_ELSEWHERE: Final = 0.7  # the same, away from where the words stood
_DISTINCTIVE: Final = 24  # characters; a shorter quotation may be a common turn of phrase
_FITTING: Final = 0.6  # score of a verbatim place that is certain
_VOUCHED: Final = 0.72  # how well surroundings must fit to vouch for a short quotation
_AHEAD: Final = 0.1  # by how much one place must fit better than the next
_HARDLY_LONGER: Final = 1.5
_WIDEST_SEARCH: Final = 40_000  # characters


class Quote(NamedTuple):
    """A quotation found again in its own revision."""

    key: str | None
    anchor: Anchor
    start: int
    end: int


class Candidate(NamedTuple):
    """A place in the new text, how likely it is (0 to 1), and why the passage would be there."""

    score: float
    start: int
    end: int
    cause: str


class Search:
    """Holds what the searches in one pair of revisions share."""

    def __init__(
        self, old: KeyedText, new: KeyedText, offsets: OffsetMap, comparison: Comparison
    ) -> None:
        self._old = old
        self._new = new
        self._map = offsets
        self._comparison = comparison

    def candidates(self, quote: Quote, words: str) -> Iterator[tuple[Candidate, float]]:
        """Places the passage may have gone to, with the score that makes each of them certain."""
        replaced = self._replaced(quote)
        if replaced is not None and not self._is_near(words, replaced):
            yield replaced, _CLOSE
        places = self._new.places_of(words)
        verbatim = self._verbatim(quote, places, len(squeeze(words)))
        if verbatim is not None:
            yield verbatim, _FITTING
        if replaced is not None:
            # The same words still stand in other sentences: these here may be gone for good.
            yield replaced, _ELSEWHERE if places else SAME_PLACE
        for similar in self._similar(quote):
            yield similar, _ELSEWHERE

    def _is_near(self, words: str, place: Candidate) -> bool:
        """Whether the words themselves stand close by."""
        start = max(0, place.start - _NEARBY)
        return self._new.source.find(words.strip(), start, place.end + _NEARBY) >= 0

    def _verbatim(
        self, quote: Quote, places: Sequence[tuple[int, int]], size: int
    ) -> Candidate | None:
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
        return Candidate(round(min(fit, 0.99), 3), start, end, cause)

    def _fit(self, quote: Quote, start: int, end: int) -> float:
        """Surroundings count for three quarters, the same section for one."""
        fit = context_fit(self._new.source, start, end, quote.anchor.prefix, quote.anchor.suffix)
        leaf = self._old.leaf(quote.start)
        return 0.75 * fit + 0.25 * (self._new.leaf(start) == leaf)

    def _replaced(self, quote: Quote) -> Candidate | None:
        """The words that stand where the passage stood."""
        exact = self._old.source[quote.start : quote.end]
        image = self._map.stretch(quote.start, quote.end)
        found: list[Candidate] = []
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
                found.append(self._successor(quote, hunk))
        best = max(found, default=None)
        return best and best._replace(cause=best.cause or "passage_reworded")

    def _successor(self, quote: Quote, hunk: Hunk) -> Candidate:
        """What took the place of the passage with other words: certain in the same section only."""
        text = self._new.source[hunk.new_start : hunk.new_end]
        first = hunk.new_start + len(text) - len(text.lstrip())
        last = hunk.new_start + len(text.rstrip()) - 1
        home = self._old.leaf(quote.start)
        same = self._new.leaf(first) == home
        if same and self._new.leaf(last) == self._old.leaf(quote.end - 1):
            return Candidate(SAME_PLACE, hunk.new_start, hunk.new_end, "")
        cause = "passage_removed" if home in self._new.positions else "section_removed"
        return Candidate(_UNRELATED, hunk.new_start, hunk.new_end, cause)

    def _likely(self, exact: str, start: int, end: int) -> Iterator[Candidate]:
        """A stretch as a whole, and the part of it most like the passage.

        Where the stretch is hardly longer than the passage, the part only tells how alike it is.
        """
        if end - start > _WIDEST_SEARCH:
            return
        text = self._new.source[start:end]
        whole = likeness(exact, text)
        yield Candidate(whole, start, end, "")
        if whole >= _CLOSE:
            return
        low, high = aligned(exact, text)
        if low < high:
            score = likeness(exact, text[low:high])
            if len(text) > _HARDLY_LONGER * len(exact):
                start, end = start + low, start + high
            yield Candidate(score - 0.01, start, end, "")

    def _similar(self, quote: Quote) -> Iterator[Candidate]:
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
                yield Candidate(score, start, end, "passage_moved_and_reworded")

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
