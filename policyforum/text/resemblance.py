"""How alike two sections are, told from their words with the number set aside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz.distance import Indel
from rapidfuzz.fuzz import partial_ratio

from policyforum.text import kinds
from policyforum.text.sections import Section
from policyforum.text.words import words_of

_LEAD: Final = re.compile(
    r"[\s#>*_+\\-]*(?:(?:buku|bab|bagian|paragraf|pasal|ayat|huruf|angka|lampiran)\b)?[\s*(\\]*",
    re.IGNORECASE,
)
# Kinds that may turn into one another in a redraft: a list item may become an ayat.
_SORTS: Final = dict.fromkeys((*kinds.LISTS, kinds.AYAT, kinds.EKOR), "item") | dict.fromkeys(
    kinds.ELUCIDATIONS - {kinds.PENJELASAN_PASAL}, "explained"
)


@dataclass(slots=True)
class Node:
    """A section prepared for matching."""

    section: Section
    words: list[str]  # content, without the section's own number
    children: list[int] = field(default_factory=list)

    @property
    def weight(self) -> int:
        return len(self.words)

    @property
    def sort(self) -> str:
        return _SORTS.get(self.section.kind, self.section.kind)


def nodes(sections: Sequence[Section]) -> list[Node]:
    """Prepare the sections of one text (in pre-order)."""
    prepared = [Node(section, content_words(section)) for section in sections]
    for section in sections:
        if section.parent is not None:
            prepared[section.parent].children.append(section.position)
    return prepared


def content_words(section: Section) -> list[str]:
    """The words of a section's own text, lower case, its marker ("Pasal 7", "(2)", "b.") apart."""
    text = section.text
    if section.number:
        lead = _LEAD.match(text)
        at = lead.end() if lead else 0
        number = re.compile(r"\s?".join(map(re.escape, section.number))).match(text, at)
        if number:
            text = text[number.end() :]
    return words_of(_without_comments(text).casefold())


def _without_comments(text: str) -> str:
    """The text without HTML comments, which no reader sees."""
    parts: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0:
        end = text.find("-->", start)
        if end < 0:
            break
        parts.append(text[at:start])
        at = end + 3
    return "".join(parts) + text[at:]


def similarity(old: Sequence[str], new: Sequence[str], cutoff: float = 0.0) -> float:
    """Share of words in common and in order, 0 to 1: 2·LCS / (both lengths); 0 below the cutoff."""
    return Indel.normalized_similarity(old, new, score_cutoff=cutoff)


def contained(part: Sequence[str], whole: Sequence[str]) -> float:
    """How much of `part` stands together somewhere in `whole`, 0 to 1.

    Measured in the stretch of `whole` most like it, so that common words strewn over a long text
    count for nothing.
    """
    if not part or not whole:
        return 0.0
    if len(part) >= len(whole):
        return similarity(part, whole)
    return partial_ratio(part, whole) / 100
