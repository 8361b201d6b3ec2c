"""A section's change as spans of text, exact to the character."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from policyforum.text.passages import Edit, Passage
from policyforum.text.words import Words


class Span(NamedTuple):
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
    if edit.old.text == edit.new.text:
        return ()
    if not passages and (plain := _plain(edit)) is not None:
        return plain
    left = sorted((item.old, item) for item in passages if item.old_key == edit.key)
    came = sorted((item.new, item) for item in passages if item.new_key == edit.key)
    return tuple(_joined(_pieces(edit, left, came)))


def _plain(edit: Edit) -> tuple[Span, ...] | None:
    """The spans where nothing moved and no white space changed between equal words, else None."""
    old, new, old_starts, new_starts = (
        edit.old.text,
        edit.new.text,
        edit.old.starts,
        edit.new.starts,
    )
    kept, lead = new[: new_starts[0]], old[: old_starts[0]]
    if kept != lead:
        return None
    spans: list[Span] = []
    at_old, at_new = old_starts[0], new_starts[0]
    for a, b, size in [*edit.blocks, (len(edit.old), len(edit.new), 0)]:
        start_old, start_new = old_starts[a], new_starts[b]
        if at_old < start_old or at_new < start_new:
            if kept:
                spans.append(Span("equal", kept))
                kept = ""
            if at_old < start_old:
                spans.append(Span("delete", old[at_old:start_old]))
            if at_new < start_new:
                spans.append(Span("insert", new[at_new:start_new]))
        at_old, at_new = old_starts[a + size], new_starts[b + size]
        text = new[start_new:at_new]
        if old[start_old:at_old] != text:
            return None
        kept += text
    if kept:
        spans.append(Span("equal", kept))
    return tuple(spans)


def _pieces(
    edit: Edit, left: list[tuple[int, Passage]], came: list[tuple[int, Passage]]
) -> Iterator[Span]:
    old, new = edit.old, edit.new
    yield from _gap(old.text[: old.starts[0]], new.text[: new.starts[0]])
    at_old = at_new = 0
    for a, b, size in [*edit.blocks, (len(old), len(new), 0)]:
        if at_old < a:
            yield from _cut("delete", old, at_old, a, left)
        if at_new < b:
            yield from _cut("insert", new, at_new, b, came)
        at_old, at_new = a + size, b + size
        yield from _kept(old, new, a, b, size)


def _kept(old: Words, new: Words, at_old: int, at_new: int, size: int) -> Iterator[Span]:
    """Equal tokens; where only the white space after one differs, that alone changed."""
    before = old.text[old.starts[at_old] : old.starts[at_old + size]]
    text = new.text[new.starts[at_new] : new.starts[at_new + size]]
    if before == text:
        yield Span("equal", text)
    elif size > 1:
        half = size // 2
        yield from _kept(old, new, at_old, at_new, half)
        yield from _kept(old, new, at_old + half, at_new + half, size - half)
    else:
        core = len(new.core(at_new))
        yield Span("equal", text[:core])
        yield from _gap(before[core:], text[core:])


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
    if not passages:
        yield Span(op, words.text[words.starts[start] : words.starts[end]])
        return
    for at, passage in passages:
        if start <= at < end:
            yield Span(op, words.text[words.starts[start] : words.starts[at]])
            start = at + passage.size
            peer = passage.new_key if op == "delete" else passage.old_key
            yield Span(op, words.text[words.starts[at] : words.starts[start]], peer, passage.number)
    if start < end:
        yield Span(op, words.text[words.starts[start] : words.starts[end]])


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
