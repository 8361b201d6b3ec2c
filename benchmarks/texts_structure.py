"""Structure: nothing is lost, and BAB and Pasal lines open sections, by a counter of its own.

The counter reads lines by a few plain patterns and knows nothing of the parser: a line that is
nothing but "BAB" and a Roman numeral, or "Pasal" and a number, is a heading, unless it can't be
one (the line before breaks off inside a reference).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.table import Row
from benchmarks.texts_data import DATA, data_name, is_real, some_documents
from policyforum.text import kinds
from policyforum.text.sections import Section, join, split

_LINE = re.compile(r"(?:#{1,6} +)?(?:\*\*)?(BAB|Pasal) +(\d{1,3} ?[A-Z]?|[IVXLC]+[A-Z]?)(?:\*\*)?")
_BREAKS_OFF = re.compile(
    r"(?:,|\b(?:dan|atau|dalam|pada|dimaksud|dengan|ayat|huruf|ketentuan))$", re.I
)
_ODD = (
    "",
    "\x00",
    "\ufeff",
    "\r\r\n\n",
    "# ",
    "```\n# a",
    "Pasal 1\r\n(1) a\rPasal 2",
    "\u2028x\n",
)
_OPENS = {
    "BAB": {kinds.BAB},
    "Pasal": {kinds.PASAL, kinds.PENJELASAN_PASAL},
}


@dataclass(frozen=True, slots=True)
class Miss:
    """A heading line that opened no section of its kind."""

    document: str
    line: int
    words: str


def measure(quick: bool) -> list[Row]:
    """Both lines of the structure's table."""
    return [_joined(quick), _found(quick)]


def _joined(quick: bool) -> Row:
    texts = [text for document in some_documents(quick) for text in document.texts]
    odd = [*_ODD, *_bad_input()]
    right = sum(join(split(text).sections) == text for text in [*texts, *odd])
    return Row(
        f"join(split(x)) = x, {len(texts)} revisions ({data_name()}) and {len(odd)} odd inputs",
        f"{right} of {len(texts) + len(odd)}",
        "100 %",
        right == len(texts) + len(odd),
    )


def _bad_input() -> Iterator[str]:
    if not is_real():
        return
    for name, field in (
        ("commonmark-0.31.2", "markdown"),
        ("dompurify-vectors", "payload"),
        ("naughty-strings", "value"),
    ):
        for row in json.loads((DATA / "badinput" / f"{name}.json").read_text("utf-8")):
            yield str(row[field])


def _found(quick: bool) -> Row:
    documents = [one for one in some_documents(quick) if one.is_indonesian]
    total = 0
    missed: list[Miss] = []
    for document in documents:
        for text in document.texts[-1:]:
            count, misses = count_headings(document.name, text)
            total += count
            missed += misses
    share = 1 - len(missed) / max(1, total)
    return Row(
        f"structure: BAB and Pasal lines of {len(documents)} Indonesian texts ({data_name()})",
        f"{total - len(missed)} of {total} = {share:.2%}",
        "≥ 99 %",
        share >= 0.99,
        "; ".join(f"{miss.document}:{miss.line} {miss.words}" for miss in missed[:20]),
    )


def count_headings(name: str, text: str) -> tuple[int, list[Miss]]:
    """How many heading lines a text has, and those that are in no right place."""
    openings = {section.offset: section for section in split(text).sections}
    total = 0
    missed: list[Miss] = []
    for number, offset, words, kind in _heading_lines(text):
        total += 1
        if not _in_place(openings.get(offset), words, kind):
            missed.append(Miss(name, number, words))
    return total, missed


def _heading_lines(text: str) -> Iterator[tuple[int, int, str, str]]:
    offset = 0
    before = last = ""
    for number, line in enumerate(text.split("\n"), start=1):
        bare = line.strip()
        found = _LINE.fullmatch(bare)
        broken = _BREAKS_OFF.search(before) and not bare.startswith("#")
        # A scan may print a heading twice in a row: one heading.
        if found and not broken and found[2] != last:
            yield number, offset, found[2], found[1]
        if bare:
            before = bare
            last = found[2] if found else ""
        offset += len(line) + 1


def _in_place(section: Section | None, number: str, kind: str) -> bool:
    return (
        section is not None
        and section.kind in _OPENS[kind]
        and section.number.replace(" ", "") == number.replace(" ", "")
    )
