"""How alike a passage and a candidate for it are."""

from __future__ import annotations

from rapidfuzz.distance import Indel
from rapidfuzz.fuzz import partial_ratio_alignment

from policyforum.text.words import words_of


def likeness(old: str, new: str) -> float:
    """Share of words in common and in order, 0 to 1."""
    return Indel.normalized_similarity(words_of(old.casefold()), words_of(new.casefold()))


def aligned(exact: str, text: str) -> tuple[int, int]:
    """The stretch of `text` most like `exact`, grown to whole words; empty when there is none."""
    if len(text) <= len(exact):
        return 0, len(text)
    found = partial_ratio_alignment(exact, text)
    if found is None or not found.score:
        return 0, 0
    start, end = found.dest_start, min(found.dest_end, len(text))
    while start > 0 and text[start - 1].isalnum() and text[start : start + 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return start, end
