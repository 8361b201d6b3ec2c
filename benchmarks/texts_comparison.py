"""Comparison: true, small and readable, and fast beside git's word diff."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from rapidfuzz.distance import Indel

from benchmarks.table import Row
from benchmarks.texts_data import (
    data_name,
    first_keys,
    next_keys,
    pairs,
    some_documents,
)
from benchmarks.texts_excess import explained
from policyforum.text.diff import Comparison, SectionChange, compare
from policyforum.text.words import is_word, tokenise
from tests.text.histories import next_revision

_LARGEST = 120_000
_WIDE = 1.10


def measure(quick: bool) -> list[Row]:
    """Whether comparisons are true, how many words they tell, and what moves save."""
    return [*_neighbours(quick), _moves(quick)]


def _neighbours(quick: bool) -> Iterator[Row]:
    true = total = told = least = 0
    wide: list[Row] = []
    for pair in pairs(quick):
        old = first_keys(pair.old)
        new = next_keys(old, pair.new)
        comparison = compare(old, new)
        total += 1
        true += rebuilt(comparison) == (pair.old, pair.new)
        words = comparison.totals.words_added + comparison.totals.words_removed
        minimum = least_words(pair.old, pair.new)
        told, least = told + words, least + minimum
        if words > _WIDE * minimum:
            what = f"above {_WIDE}: {pair.name}"
            share = f" = {words / minimum:.2f}" if minimum else ""
            why = explained(old, new, comparison, minimum)
            wide.append(Row(what, f"{words} / {minimum}{share}", note=why))
    yield Row(
        f"comparison is true: both texts rebuilt ({data_name()})",
        f"{true} of {total}",
        "100 %",
        true == total,
    )
    yield Row(
        f"comparison is small: changed words against the exact minimum ({data_name()})",
        f"{told} / {least} = {told / least:.3f}",
        "≤ 1.02",
        told <= 1.02 * least,
        f"{len(wide)} pairs above {_WIDE}, each explained below",
    )
    yield from wide


def _moves(quick: bool) -> Row:
    told = least = 0
    for document in some_documents(quick):
        source = document.texts[-1]
        if len(source) > _LARGEST:
            continue
        history = next_revision(source, Random(document.name), 0.1)
        old = first_keys(source)
        totals = compare(old, next_keys(old, history.source)).totals
        told += totals.words_added + totals.words_removed
        least += least_words(source, history.source)
    return Row(
        "comparison with moved sections: against the minimum without moves (generator)",
        f"{told} / {least} = {told / least:.3f}",
        "≤ 0.96",
        told <= 0.96 * least,
    )


def rebuilt(comparison: Comparison) -> tuple[str, str]:
    """Both texts, as the comparison tells them."""
    olds = [change for change in comparison.sections if change.before]
    olds.sort(key=lambda change: change.before.section.position if change.before else 0)
    return _told(olds, "insert"), _told(comparison.sections, "delete")


def _told(changes: Sequence[SectionChange], other: str) -> str:
    parts: list[str] = []
    for change in changes:
        if change.spans:
            parts += (span.text for span in change.spans if span.op != other)
        else:
            side = change.before if other == "insert" else change.after
            parts.append(side.section.text if side else "")
    return "".join(parts)


def least_words(old: str, new: str) -> int:
    """How many words must be deleted and inserted when nothing may move."""
    return int(Indel.distance(_words(old), _words(new)))


def _words(text: str) -> list[str]:
    return [core for core in tokenise(text).cores if is_word(core)]
