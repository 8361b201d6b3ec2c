"""Compare two revisions: sections first, words second.

Sections are paired by their permanent key, so a section that moved is compared with itself. Inside
a pair, words are aligned (see `readable`). Words that left one section and stand in another are
recognised as a passage that moved (see `passages`); both ends stay ordinary `delete` and `insert`
spans, so either text can be rebuilt exactly.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from policyforum.text.keyed import KeyedSection
from policyforum.text.moves import moved
from policyforum.text.passages import Edit, Passage, moved_passages
from policyforum.text.readable import align_readably
from policyforum.text.spans import Span, spans_of
from policyforum.text.words import Words, count_ids, tokenise, unpack

SAME: Final = "same"
EDITED: Final = "edited"
MOVED: Final = "moved"
NEW: Final = "new"
GONE: Final = "gone"
SPLIT: Final = "split"
MERGED: Final = "merged"

_NOTHING: Final = tokenise("")

# Share of a section's words that must have moved to call it a part of the other.
_MOSTLY: Final = 0.5


@dataclass(frozen=True, slots=True)
class SectionChange:
    """What became of one section.

    `state` is one of this module's seven. The words added and removed leave out those of passages
    that moved. `edit` and `passages`: what `spans` are made of; None where the texts are identical.
    """

    key: str
    state: str
    before: KeyedSection | None
    after: KeyedSection | None
    words_added: int = 0
    words_removed: int = 0
    edit: Edit | None = field(default=None, repr=False, compare=False)
    passages: Sequence[Passage] = field(default=(), repr=False, compare=False)
    _written: tuple[Span, ...] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def spans(self) -> tuple[Span, ...]:
        """The change in words, written when somebody first reads it; identical texts have none.

        The texts of the `equal` and `delete` spans join to `before.section.text`, those of `equal`
        and `insert` to `after.section.text`.
        """
        if self.edit is None:
            return ()
        if self._written is None:
            object.__setattr__(self, "_written", spans_of(self.edit, self.passages))
        return self._written or ()


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
    order = _reading_order(old, new)
    edits: dict[str, Edit] = {}
    for key in order:
        before, after = olds.get(key), news.get(key)
        if before is None or after is None or before.section.text != after.section.text:
            edits[key] = _edit(key, before, after)
    passages = moved_passages(list(edits.values()))
    states = _States(old, new, edits, passages)
    by_key: dict[str, list[Passage]] = defaultdict(list)
    for passage in passages:
        for key in {passage.old_key, passage.new_key}:
            by_key[key].append(passage)
    changes = tuple(
        _change(edits[key], states.of(key), olds.get(key), news.get(key), by_key.get(key, ()))
        if key in edits
        else SectionChange(key, states.of(key), olds[key], news[key])
        for key in order
    )
    return Comparison(changes, _totals(changes, passages))


def _edit(key: str, before: KeyedSection | None, after: KeyedSection | None) -> Edit:
    old, new = _words_of(before), _words_of(after)
    return Edit(key, old, new, align_readably(old, new))


def _words_of(entry: KeyedSection | None) -> Words:
    """A section's tokens: as stored, else cut now."""
    if entry is None:
        return _NOTHING
    text = entry.section.text
    return unpack(text, entry.tokens) if entry.tokens else tokenise(text)


def _change(
    edit: Edit,
    state: str,
    before: KeyedSection | None,
    after: KeyedSection | None,
    passages: Sequence[Passage],
) -> SectionChange:
    removed, added = _changed_words(edit)
    came = sum(passage.words for passage in passages if passage.new_key == edit.key)
    left = sum(passage.words for passage in passages if passage.old_key == edit.key)
    return SectionChange(
        edit.key,
        state,
        before,
        after,
        added - came,
        removed - left,
        edit,
        passages,
    )


def _changed_words(edit: Edit) -> tuple[int, int]:
    """How many words were deleted and how many inserted, moved ones included."""
    ids = edit.old.ids
    gone = bytearray()
    at = 0
    for old, _, size in edit.blocks:
        gone += ids[at:old]
        at = old + size
    removed = count_ids(gone + ids[at:])
    return removed, count_ids(edit.new.ids) - count_ids(ids) + removed


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
        edits: Mapping[str, Edit],
        passages: Sequence[Passage],
    ) -> None:
        self._edits = edits
        self._olds = {entry.key: at for at, entry in enumerate(old)}
        self._news = {entry.key: at for at, entry in enumerate(new)}
        self._moved = {new[at].key for at in self._displaced(old, new)}
        self._split: set[str] = set()
        self._merged: set[str] = set()
        self._divide(passages)

    def _displaced(
        self, old: Sequence[KeyedSection], new: Sequence[KeyedSection]
    ) -> frozenset[int]:
        if [*self._olds] == [*self._news] and all(
            before.section.parent == after.section.parent
            for before, after in zip(old, new, strict=True)
        ):
            return frozenset()
        origin = {at: self._olds[key] for key, at in self._news.items() if key in self._olds}
        return moved([entry.section for entry in old], [entry.section for entry in new], origin)

    def _divide(self, passages: Sequence[Passage]) -> None:
        shared: dict[tuple[str, str], int] = defaultdict(int)
        for passage in passages:
            shared[passage.old_key, passage.new_key] += passage.size
        sizes = {key: max(len(edit.old), len(edit.new)) for key, edit in self._edits.items()}
        for (source, target), size in shared.items():
            stayed, came = source in self._news, target not in self._olds
            if stayed and came and size >= _MOSTLY * sizes[target]:
                self._split.update((source, target))
            elif not stayed and not came and size >= _MOSTLY * sizes[source]:
                self._merged.add(target)

    def of(self, key: str) -> str:
        """The state of one section, the most telling first."""
        if key in self._merged:
            return MERGED
        if key in self._split:
            return SPLIT
        if key not in self._news:
            return GONE
        if key not in self._olds:
            return NEW
        if key in self._moved:
            return MOVED
        return SAME if key not in self._edits or _same_words(self._edits[key]) else EDITED


def _same_words(edit: Edit) -> bool:
    matched = sum(block.size for block in edit.blocks)
    return matched == len(edit.old) == len(edit.new)


def _totals(changes: Sequence[SectionChange], passages: Sequence[Passage]) -> Totals:
    states = Counter(change.state for change in changes)
    return Totals(
        words_added=sum(change.words_added for change in changes),
        words_removed=sum(change.words_removed for change in changes),
        words_moved=sum(passage.words for passage in passages),
        sections_same=states[SAME],
        sections_edited=states[EDITED],
        sections_moved=states[MOVED],
        sections_new=states[NEW],
        sections_gone=states[GONE],
        sections_split=states[SPLIT],
        sections_merged=states[MERGED],
    )
