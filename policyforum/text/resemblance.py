"""How alike two sections are, told from their words with the number set aside."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
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
_SORTS[kinds.PREAMBLE] = kinds.HEADING  # the first section, once its heading line is gone


# Words × words compared one by one; beyond it, order is ignored.
LARGEST_PRODUCT: Final = 4_000_000


@dataclass(slots=True)
class Node:
    """A section prepared for matching."""

    section: Section
    words: tuple[str, ...]  # content, without the section's own number
    children: tuple[int, ...] = ()

    @property
    def weight(self) -> int:
        return len(self.words)

    @property
    def sort(self) -> str:
        return _SORTS.get(self.section.kind, self.section.kind)


def nodes(sections: Sequence[Section]) -> list[Node]:
    """Prepare the sections of one text (in pre-order)."""
    prepared = [Node(section, content_words(section)) for section in sections]
    children: dict[int, list[int]] = defaultdict(list)
    for section in sections:
        if section.parent is not None:
            children[section.parent].append(section.position)
    for parent, family in children.items():
        prepared[parent].children = tuple(family)
    return prepared


def content_words(section: Section) -> tuple[str, ...]:
    """The words of a section's own text, lower case, its marker ("Pasal 7", "(2)", "b.") apart."""
    text = section.text
    if section.number:
        lead = _LEAD.match(text)
        text = text[_after(text, lead.end() if lead else 0, section.number) :]
    return tuple(words_of(_without_comments(text).casefold()))


def _after(text: str, start: int, number: str) -> int:
    """Where a number ends that stands at `start`, maybe with a space in it; 0 if it does not."""
    at = start
    for character in number:
        if text[at : at + 1].isspace() and at > start:
            at += 1
        if not text.startswith(character, at):
            return 0
        at += 1
    return at


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


def similarity(old: Sequence[str], new: Sequence[str]) -> float:
    """Share of words in common, 0 to 1: 2·LCS / (both lengths); order is ignored in long texts."""
    if len(old) * len(new) <= LARGEST_PRODUCT:
        return Indel.normalized_similarity(old, new)
    common = (Counter(old) & Counter(new)).total()
    return 2 * common / (len(old) + len(new))


def contained(part: Sequence[str], whole: Sequence[str]) -> float:
    """How much of `part` stands together somewhere in `whole`, 0 to 1.

    Measured in the stretch of `whole` most like it, so that common words strewn over a long text
    count for nothing; in long texts by the share of word triples.
    """
    if not part or not whole:
        return 0.0
    if len(part) >= len(whole):
        return similarity(part, whole)
    if len(part) * len(whole) <= LARGEST_PRODUCT:
        return partial_ratio(part, whole) / 100
    triples = set(zip(part, part[1:], part[2:], strict=False))
    return len(triples.intersection(zip(whole, whole[1:], whole[2:], strict=False))) / max(
        1, len(triples)
    )
