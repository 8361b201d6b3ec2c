"""Definitions: what is defined is used, and abbreviations that are used are explained."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Final

from policyforum.text import kinds
from policyforum.text.flaws import Flaw
from policyforum.text.numbering import ORDINAL_CAPITALS
from policyforum.text.sections import Outline, Section

_DEFINING: Final = re.compile(r"\byang\s{1,3}dimaksud\s{1,3}dengan\b")
_MARKER: Final = re.compile(r"[\s>*+_-]{0,10}\(?\w{1,4}[.)]\s{0,5}")
_SHORT: Final = re.compile(
    r"yang\s{1,3}selanjutnya\s{1,3}(?:disebut|disingkat)(?:\s{1,3}(?:dengan|sebagai))?\s{1,3}"
    r"(?P<name>[^,.;:()]{1,80}?)(?=\s{1,3}(?:adalah|merupakan|ialah)\b|,|\s{1,3}yang\b)"
)
_NAMED: Final = re.compile(
    r"(?P<name>[^,.;:()]{1,120}?)(?=\s{1,3}(?:yang|adalah|merupakan|ialah)\b|,)"
)
_ABBREVIATION: Final = re.compile(r"(?<![\w/.-])[A-Z]{2,8}(?![\w/-])")
_EXPLAINED: Final = re.compile(
    r"\b(?:disingkat|disebut)(?: dengan| sebagai)?(?: \w{1,30}){0,4}? ([A-Z]{2,8})\b"
    r"|\(([A-Z]{2,8})\)|\b([A-Z]{2,8}) (?:adalah\b|\()"
)
_MOST_DEFINITIONS: Final = 500
_COUNTING: Final = re.compile(rf"[IVXLC]+|{ORDINAL_CAPITALS}")
_EVERYBODYS: Final = frozenset(
    {"BAB", "PASAL", "TAHUN", "NOMOR", "TENTANG", "RI", "WIB", "NKRI", "NIP"}
)
_BODY: Final = frozenset({kinds.PASAL, kinds.AYAT, kinds.EKOR, kinds.DIKTUM}) | kinds.LISTS


def term_findings(outline: Outline) -> Iterator[Flaw]:
    """Terms defined and never used, abbreviations used and never explained."""
    body = [section for section in outline.sections if section.kind in _BODY]
    words = " ".join(" ".join(section.text.split()) for section in body)
    folded = words.casefold()
    for section, names in islice(_definitions(outline), _MOST_DEFINITIONS):
        own = " ".join(section.text.casefold().split())
        folded_names = [name.casefold() for name in names]
        if all(folded.count(name) == own.count(name) for name in folded_names):
            lead = len(section.text) - len(section.text.lstrip())
            start = section.offset + lead
            end = section.offset + len(section.text.rstrip())
            yield Flaw(start, end, "term_unused", {"term": names[-1]})
    yield from _unexplained(body, words)


def _definitions(outline: Outline) -> Iterator[tuple[Section, list[str]]]:
    """Each definition and the names it gives: the full one first."""
    for section in outline.sections:
        if section.kind not in (kinds.ANGKA, kinds.HURUF) or section.parent is None:
            continue
        host = outline.sections[section.parent]
        if not _DEFINING.search(host.text):
            continue
        marker = _MARKER.match(section.text)
        sentence = " ".join(section.text[marker.end() if marker else 0 :].split())
        names = [found["name"].strip() for found in (_NAMED.match(sentence),) if found]
        names += (found["name"].strip() for found in _SHORT.finditer(sentence[:600]))
        if names:
            yield section, names


def _unexplained(body: list[Section], words: str) -> Iterator[Flaw]:
    times = Counter(_ABBREVIATION.findall(words))
    seen = {*_EVERYBODYS, *_explained(words)}
    for section in body:
        for found in _ABBREVIATION.finditer(section.text):
            short = found[0]
            if short in seen or _COUNTING.fullmatch(short) or _in_capitals(section.text, found):
                continue
            seen.add(short)
            if times[short] > 1:
                start, end = section.offset + found.start(), section.offset + found.end()
                yield Flaw(start, end, "term_undefined", {"term": short})


def _in_capitals(text: str, found: re.Match[str]) -> bool:
    """Whether the words around are in capitals too: a title, not an abbreviation."""
    before = text[max(0, found.start() - 30) : found.start()].split()[-1:]
    after = text[found.end() : found.end() + 30].split()[:1]
    return any(len(word) > 1 and word.isupper() for word in before + after)


def _explained(words: str) -> set[str]:
    """Introduced by "disingkat" or "disebut", in brackets, or by "X adalah"."""
    return {name for found in _EXPLAINED.finditer(words) for name in found.groups() if name}
