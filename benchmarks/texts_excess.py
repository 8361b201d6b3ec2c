"""Why a comparison tells more changed words than the exact minimum, cause by cause.

The minimum lets any two equal words match, wherever they stand. A comparison lets words match
within a section only, aligns marks as well as words, and gives up lone common words; passages that
moved it doesn't count at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rapidfuzz.distance import Indel

from policyforum.text.alignment import align
from policyforum.text.diff import Comparison
from policyforum.text.keyed import KeyedSection
from policyforum.text.passages import Edit
from policyforum.text.words import is_word, tokenise

_FEW = 3  # words in a row that any two provisions have in common
_PASSAGE = 8  # words in a row that a comparison takes for a passage


def explained(
    old: Sequence[KeyedSection], new: Sequence[KeyedSection], comparison: Comparison, least: int
) -> str:
    """What a comparison's changed words are made of, beginning with the minimum, in words."""
    edits = [change.edit for change in comparison.sections if change.edit]
    by_section = sum(Indel.distance(_words(edit.old.text), _words(edit.new.text)) for edit in edits)
    with_marks = sum(_changed_beside_marks(edit) for edit in edits)
    kept = sum(
        edit.old.count(block.old, block.old + block.size) for edit in edits for block in edit.blocks
    )
    readable = sum(edit.old.count(0, len(edit.old)) for edit in edits)
    readable += sum(edit.new.count(0, len(edit.new)) for edit in edits) - 2 * kept
    totals = comparison.totals
    causes = {
        f"equal words in sections not paired ({_runs(old, new)})": by_section - least,
        "marks aligned besides words": with_marks - by_section,
        "lone common words and brackets given up": readable - with_marks,
        "passages told as moved": -2 * totals.words_moved,
    }
    states = f"{totals.sections_new} sections new, {totals.sections_gone} gone"
    return f"{least} at least; {states}; " + "; ".join(
        f"{words:+} {cause}" for cause, words in causes.items() if words
    )


def _words(text: str) -> list[str]:
    return [core for core in tokenise(text).cores if is_word(core)]


def _changed_beside_marks(edit: Edit) -> int:
    """Changed words when marks count as much as words, as they do in a comparison."""
    kept = sum(
        edit.old.count(block.old, block.old + block.size)
        for block in align(edit.old.cores, edit.new.cores)
    )
    return edit.old.count(0, len(edit.old)) + edit.new.count(0, len(edit.new)) - 2 * kept


def _runs(old: Sequence[KeyedSection], new: Sequence[KeyedSection]) -> str:
    """Of how many words the runs are that the minimum finds across sections."""
    sizes = list(_run_sizes(old, new))
    few = 2 * sum(size for size in sizes if size <= _FEW)
    many = 2 * sum(size for size in sizes if size >= _PASSAGE)
    some = 2 * sum(sizes) - few - many
    return (
        f"in runs of 1 to {_FEW}: {few}, {_FEW + 1} to {_PASSAGE - 1}: {some}, "
        f"{_PASSAGE} and more: {many}"
    )


def _run_sizes(old: Sequence[KeyedSection], new: Sequence[KeyedSection]) -> Iterator[int]:
    olds = [(word, entry.key) for entry in old for word in _words(entry.section.text)]
    news = [(word, entry.key) for entry in new for word in _words(entry.section.text)]
    for block in align([word for word, _ in olds], [word for word, _ in news]):
        keys = ((olds[block.old + at][1], news[block.new + at][1]) for at in range(block.size))
        for (before, after), run in groupby(keys):
            if before != after:
                yield sum(1 for _ in run)
