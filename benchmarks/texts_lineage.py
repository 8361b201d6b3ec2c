"""Lineage: identical unique sections keep their key; made-up histories whose truth is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.table import Row
from benchmarks.texts_data import data_name, first_keys, next_keys, pairs, some_documents
from policyforum.text.keyed import KeyedSection
from policyforum.text.resemblance import content_words
from tests.text.histories import next_revision


@dataclass(frozen=True, slots=True)
class Match:
    """A section found word for word on both sides. `says_something`: more than its number."""

    label: str
    kept: bool
    says_something: bool


_SHARE = 0.3
_LARGEST = 120_000


def measure(quick: bool) -> list[Row]:
    """Both lines of the lineage's table."""
    return [_identical(quick), *_under_edits(quick)]


def _identical(quick: bool) -> Row:
    total = bare = 0
    lost: list[str] = []
    for pair in pairs(quick):
        old = first_keys(pair.old)
        for match in identical_and_unique(old, next_keys(old, pair.new)):
            total += match.says_something
            if match.says_something and not match.kept:
                lost.append(f"{pair.name}: {match.label}")
            bare += not match.says_something and not match.kept
    note = f"{bare} lines that are nothing but a number went to other provisions: renumbered"
    return Row(
        f"lineage: identical, unique sections keep their key ({data_name()})",
        f"{total - len(lost)} of {total}",
        "100 %",
        not lost,
        "; ".join([*lost[:10], note]),
    )


def identical_and_unique(
    old: Sequence[KeyedSection], new: Sequence[KeyedSection]
) -> Iterator[Match]:
    """Each section whose text stands once in either revision, and whether it kept its key."""
    olds = Counter(entry.section.text for entry in old)
    news = Counter(entry.section.text for entry in new)
    keys = {entry.section.text: entry.key for entry in old}
    for entry in new:
        text = entry.section.text
        if text.strip() and olds[text] == news[text] == 1:
            says = bool(content_words(entry.section)) or not entry.section.number
            yield Match(entry.section.label, entry.key == keys[text], says)


def _under_edits(quick: bool) -> Iterator[Row]:
    right = total = twice = 0
    for document in some_documents(quick):
        source = document.texts[-1]
        if len(source) > _LARGEST:
            continue
        for seed in range(1 if quick else 3):
            history = next_revision(source, Random(f"{document.name}{seed}"), _SHARE)
            new = next_keys(first_keys(source), history.source)
            twice += len(new) - len({entry.key for entry in new})
            for entry in new:
                truth = history.truth.get(entry.section.position)
                if truth is None or truth.part:
                    continue
                wanted = f"old {truth.origin}"
                fine = entry.key == wanted if truth.origin >= 0 else entry.key.startswith("new")
                total, right = total + 1, right + fine
    yield Row(
        f"lineage under edits of up to {_SHARE:.0%} of a section's words (generator)",
        f"{right} of {total} = {right / total:.2%}",
        "≥ 98 %",
        right / total >= 0.98,
    )
    yield Row("lineage: keys given to two sections (generator)", str(twice), "0", twice == 0)
