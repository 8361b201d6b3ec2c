"""A section's change as spans of text, exact to the character."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from policyforum.text.passages import Edit, Passage
from policyforum.text.words import Words


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text. `op`: "equal", "insert" or "delete".

    An insertion or deletion that is one end of a moved passage names in `peer` the key of the
    section at its other end (which may be its own), and in `passage` the number both ends share.
    """

    op: str
    text: str
    peer: str = ""
    passage: int = 0


def spans_of(edit: Edit, passages: Sequence[Passage]) -> tuple[Span, ...]:
    """Write an edit as spans; `passages` are those with an end in this section."""
    if edit.unchanged:
        return ()
    left = [(item.old, item) for item in passages if item.old_key == edit.key]
    came = [(item.new, item) for item in passages if item.new_key == edit.key]
    return tuple(_joined(_pieces(edit, sorted(left, key=_place), sorted(came, key=_place))))


def _place(entry: tuple[int, Passage]) -> int:
    return entry[0]


def _pieces(
    edit: Edit, left: list[tuple[int, Passage]], came: list[tuple[int, Passage]]
) -> Iterator[Span]:
    old, new = edit.old, edit.new
    yield from _gap(old.text[: old.begin(0)], new.text[: new.begin(0)])
    at_old = at_new = 0
    for block in edit.blocks:
        yield from _cut("delete", old, at_old, block.old, left)
        yield from _cut("insert", new, at_new, block.new, came)
        yield from _kept(edit, block.old, block.new, block.size)
        at_old, at_new = block.old + block.size, block.new + block.size
    yield from _cut("delete", old, at_old, len(old), left)
    yield from _cut("insert", new, at_new, len(new), came)


def _kept(edit: Edit, at_old: int, at_new: int, size: int) -> Iterator[Span]:
    """Equal tokens; where only the white space after one differs, that alone changed."""
    old, new = edit.old, edit.new
    last_old, last_new = at_old + size - 1, at_new + size - 1
    end_old = old.starts[last_old] + len(old.cores[last_old])
    end_new = new.starts[last_new] + len(new.cores[last_new])
    text = new.text[new.starts[at_new] : end_new]
    if old.text[old.starts[at_old] : end_old] == text:
        yield Span("equal", text)
        yield from _gap(
            old.text[end_old : old.begin(at_old + size)],
            new.text[end_new : new.begin(at_new + size)],
        )
    else:
        half = size // 2
        yield from _kept(edit, at_old, at_new, half)
        yield from _kept(edit, at_old + half, at_new + half, size - half)


def _gap(old: str, new: str) -> Iterator[Span]:
    """White space that differs: what both begin with is kept."""
    if old == new:
        yield Span("equal", new)
        return
    same = 0
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    yield Span("equal", new[:same])
    yield Span("delete", old[same:])
    yield Span("insert", new[same:])


def _cut(
    op: str, words: Words, start: int, end: int, passages: list[tuple[int, Passage]]
) -> Iterator[Span]:
    """One deleted or inserted run, cut where passages in it begin and end."""
    for at, passage in passages:
        if start <= at < end:
            yield Span(op, words.text[words.begin(start) : words.begin(at)])
            start = at + passage.size
            peer = passage.new_key if op == "delete" else passage.old_key
            yield Span(op, words.text[words.begin(at) : words.begin(start)], peer, passage.number)
    if start < end:
        yield Span(op, words.text[words.begin(start) : words.begin(end)])


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Drop empty spans, join like neighbours; deletions come before insertions."""
    deleted: list[Span] = []
    inserted: list[Span] = []
    kept = ""
    for span in spans:
        if not span.text:
            continue
        if span.op == "equal":
            yield from deleted
            yield from inserted
            deleted, inserted = [], []
            kept += span.text
            continue
        if kept:
            yield Span("equal", kept)
            kept = ""
        _append(deleted if span.op == "delete" else inserted, span)
    if kept:
        yield Span("equal", kept)
    yield from deleted
    yield from inserted


def _append(spans: list[Span], span: Span) -> None:
    if spans and not spans[-1].peer and not span.peer:
        spans[-1] = Span(span.op, spans[-1].text + span.text)
    else:
        spans.append(span)
