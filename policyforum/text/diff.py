"""Compare two revisions: sections first, words second.

Sections are paired by their permanent key, so a section that moved is compared with itself. Inside
a pair, words are aligned (see `alignment`). Words that left one section and stand in another are
recognised as a passage that moved (see `passages`); both ends stay ordinary `delete` and `insert`
spans, so either text can be rebuilt exactly.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from policyforum.text.alignment import align_readably
from policyforum.text.keyed import KeyedSection
from policyforum.text.moves import moved
from policyforum.text.passages import Edit, Passage, moved_passages
from policyforum.text.spans import Span, spans_of
from policyforum.text.words import count, tokenise

SAME: Final = "same"
EDITED: Final = "edited"
MOVED: Final = "moved"
NEW: Final = "new"
GONE: Final = "gone"
SPLIT: Final = "split"
MERGED: Final = "merged"

# Share of a section's words that must have moved to call it a part of the other.
_MOSTLY: Final = 0.5


@dataclass(frozen=True, slots=True)
class SectionChange:
    """What became of one section.

    `state` is one of this module's seven. The texts of the `equal` and `delete` spans join to
    `before.section.text`, those of `equal` and `insert` to `after.section.text`; identical texts
    have no spans.
    """

    key: str
    state: str
    before: KeyedSection | None
    after: KeyedSection | None
    spans: tuple[Span, ...]

    @property
    def words_added(self) -> int:
        """Words inserted here, those that came from another section apart."""
        return _words(span for span in self.spans if span.op == "insert")

    @property
    def words_removed(self) -> int:
        """Words deleted here, those that went to another section apart."""
        return _words(span for span in self.spans if span.op == "delete")


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over all sections; `words_moved` counts words of passages that changed section."""

    words_added: int
    words_removed: int
    words_moved: int
    sections_same: int
    sections_edited: int
    sections_moved: int
    sections_new: int
    sections_gone: int
    sections_split: int
    sections_merged: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The changes in reading order of the new text, gone sections slotted at their old place."""

    sections: tuple[SectionChange, ...]
    totals: Totals


def compare(old: Sequence[KeyedSection], new: Sequence[KeyedSection]) -> Comparison:
    """Compare any two keyed texts; neither may hold a key twice."""
    olds = {entry.key: entry for entry in old}
    news = {entry.key: entry for entry in new}
    edits = [_edit(key, olds.get(key), news.get(key)) for key in _reading_order(old, new)]
    passages = moved_passages([edit for edit in edits if edit.old.text != edit.new.text])
    states = _States(old, new, edits, passages)
    by_key: dict[str, list[Passage]] = defaultdict(list)
    for passage in passages:
        by_key[passage.old_key].append(passage)
        by_key[passage.new_key].append(passage)
    changes = tuple(
        SectionChange(
            edit.key,
            states.of(edit),
            olds.get(edit.key),
            news.get(edit.key),
            spans_of(edit, by_key[edit.key]),
        )
        for edit in edits
    )
    return Comparison(changes, _totals(changes))


def _edit(key: str, before: KeyedSection | None, after: KeyedSection | None) -> Edit:
    old_text = before.section.text if before else ""
    new_text = after.section.text if after else ""
    if old_text == new_text:
        old = new = tokenise("")
        return Edit(key, old, new, [], unchanged=True)
    old, new = tokenise(old_text), tokenise(new_text)
    return Edit(key, old, new, align_readably(old, new))


def _reading_order(old: Sequence[KeyedSection], new: Sequence[KeyedSection]) -> list[str]:
    """Keys in the new order, each gone one after the section it used to follow."""
    kept = {entry.key for entry in new}
    followers: dict[str, list[str]] = defaultdict(list)
    last = ""
    for entry in old:
        if entry.key in kept:
            last = entry.key
        else:
            followers[last].append(entry.key)
    order = list(followers[""])
    for entry in new:
        order.append(entry.key)
        order.extend(followers[entry.key])
    return order


class _States:
    """Names what happened to each section."""

    def __init__(
        self,
        old: Sequence[KeyedSection],
        new: Sequence[KeyedSection],
        edits: Sequence[Edit],
        passages: Sequence[Passage],
    ) -> None:
        self._olds = {entry.key: at for at, entry in enumerate(old)}
        self._news = {entry.key: at for at, entry in enumerate(new)}
        origin = {
            at: self._olds[entry.key] for at, entry in enumerate(new) if entry.key in self._olds
        }
        displaced = moved(
            [entry.section for entry in old], [entry.section for entry in new], origin
        )
        self._moved = {new[at].key for at in displaced}
        self._split: set[str] = set()
        self._merged: set[str] = set()
        self._divide(edits, passages)

    def _divide(self, edits: Sequence[Edit], passages: Sequence[Passage]) -> None:
        shared: dict[tuple[str, str], int] = defaultdict(int)
        for passage in passages:
            shared[passage.old_key, passage.new_key] += passage.size
        sizes = {edit.key: max(len(edit.old), len(edit.new)) for edit in edits}
        for (source, target), size in shared.items():
            stayed, came = source in self._news, target not in self._olds
            if stayed and came and size >= _MOSTLY * sizes[target]:
                self._split.update((source, target))
            elif not stayed and not came and size >= _MOSTLY * sizes[source]:
                self._merged.add(target)

    def of(self, edit: Edit) -> str:
        """The state of one section, the most telling first."""
        if edit.key in self._merged:
            return MERGED
        if edit.key in self._split:
            return SPLIT
        if edit.key not in self._news:
            return GONE
        if edit.key not in self._olds:
            return NEW
        if edit.key in self._moved:
            return MOVED
        return SAME if edit.unchanged or edit.old.cores == edit.new.cores else EDITED


def _words(spans: Iterable[Span]) -> int:
    return sum(count(span.text) for span in spans if not span.peer)


def _totals(changes: Sequence[SectionChange]) -> Totals:
    states = [change.state for change in changes]
    return Totals(
        words_added=sum(change.words_added for change in changes),
        words_removed=sum(change.words_removed for change in changes),
        words_moved=sum(
            count(span.text)
            for change in changes
            for span in change.spans
            if span.peer and span.op == "insert"
        ),
        sections_same=states.count(SAME),
        sections_edited=states.count(EDITED),
        sections_moved=states.count(MOVED),
        sections_new=states.count(NEW),
        sections_gone=states.count(GONE),
        sections_split=states.count(SPLIT),
        sections_merged=states.count(MERGED),
    )
