"""Figures are followed by their words in brackets: "30 (tiga puluh) hari"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from policyforum.text import kinds
from policyforum.text.flaws import Flaw
from policyforum.text.sections import Outline, Section
from policyforum.text.spelled import LARGEST, spelled, spelled_figure

_FIGURE: Final = (
    r"(?<![\w.,/()-])(?P<figure>\d{1,3}(?:\.\d{3}){1,4}(?:,\d{1,4})?|\d{1,4}(?:,\d{1,4})?)"
)
_COUNTED: Final = (
    r"hari|minggu|bulan|tahun|jam|menit|orang|kali|lembar|rangkap|semester|jenjang|tingkat"
    r"|kilometer|meter|unit|buah"
)
_SPELLED: Final = re.compile(
    _FIGURE + r"(?P<percent>\s?%)?\s{1,3}\((?P<words>[a-z][a-z \n-]{2,150})\)"
)
_UNSPELLED: Final = re.compile(_FIGURE + rf"(?=\s{{1,3}}(?:{_COUNTED})\b)")
_MONEY: Final = re.compile(
    r"\bRp\s?(?P<figure>\d{1,3}(?:\.\d{3})*)(?:,\d\d)?(?!\w|[.,]\d)(?:\s{1,3}\((?P<words>[^()]{2,200})\))?"
)
_UNITS: Final = frozenset({"rupiah", "persen", "perseratus", "per", "seratus", "permil"})
_NUMERALS: Final = frozenset(
    {spelled(number) for number in range(12)}
    | {"belas", "puluh", "ratus", "seratus", "ribu", "seribu", "juta", "miliar", "triliun", "koma"}
)
# Where figures are citations, or none of the drafter's own.
_PASSED_OVER: Final = frozenset(
    {kinds.PREAMBLE, kinds.MENIMBANG, kinds.MENGINGAT, kinds.PENUTUP, kinds.LAMPIRAN}
) | frozenset(kinds.HEADS)


def number_findings(outline: Outline) -> Iterator[Flaw]:
    """Figures without words, and with the words of another number."""
    for section in outline.sections:
        if section.kind not in _PASSED_OVER:
            yield from _in_section(section)


def _in_section(section: Section) -> Iterator[Flaw]:
    text, offset = section.text, section.offset
    for found in _SPELLED.finditer(text):
        yield from _misspelled(found, offset)
    for found in _UNSPELLED.finditer(text):
        words = _words_for(found["figure"])
        before = text[max(0, found.start() - 12) : found.start()].rstrip().lower()
        if words and not before.endswith(("tahun", "nomor", "angka", "pasal", "ke", "-")):
            start, end = offset + found.start(), offset + found.end()
            fix = f"{found['figure']} ({words})"
            yield Flaw(start, end, "number_unspelled", {"figure": found["figure"]}, fix)
    for found in _MONEY.finditer(text):
        words = _words_for(found["figure"])
        if words and not found["words"]:
            start, end = offset + found.start(), offset + found.end()
            fix = f"{found[0].rstrip()} ({words} rupiah)"
            yield Flaw(start, end, "number_unspelled", {"figure": found[0].strip()}, fix)
        elif words:
            yield from _misspelled(found, offset)


def _misspelled(found: re.Match[str], offset: int) -> Iterator[Flaw]:
    said = found["words"].split()
    unit = [word for word in said if word in _UNITS]
    number = [word for word in said if word not in _UNITS]
    right = _words_for(found["figure"])
    numerals = number and _NUMERALS.issuperset(number)
    # "seratus" is a numeral and, in "per seratus", a unit.
    if not right or not numerals or " ".join(said).startswith(right):
        return
    start, end = found.span("words")
    fix = " ".join([right, *unit]) if "seratus" not in unit else None
    args = {"figure": found["figure"], "words": " ".join(said), "right": right}
    yield Flaw(offset + start, offset + end, "number_misspelled", args, fix)


def _words_for(figure: str) -> str:
    whole = figure.split(",", 1)[0].replace(".", "")
    return spelled_figure(figure) if int(whole) <= LARGEST else ""
