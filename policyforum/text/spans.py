"""A section's change as spans of text, exact to the character."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Final, NamedTuple

from policyforum.text.passages import Edit, Passage
from policyforum.text.words import Words

# What is kept, then what was deleted and what inserted after it.
_Stretch = tuple[str, str, str]


class Span(NamedTuple):
    """A stretch of text. `op`: "equal", "insert" or "delete".

    An insertion or deletion that is one end of a moved passage names in `peer` the key of the
    section at its other end (which may be its own), and in `passage` the number both ends share.
    """

    op: str
    text: str
    peer: str = ""
    passage: int = 0


_SPAN: Final = partial(tuple.__new__, Span)  # from a tuple, in half the time


def spans_of(edit: Edit, passages: Sequence[Passage]) -> tuple[Span, ...]:
    """Write an edit as spans; `passages` are those with an end in this section."""
    if edit.old.text == edit.new.text:
        return ()
    if not passages:
        return tuple(_plain(edit))
    left = sorted((item.old, item) for item in passages if item.old_key == edit.key)
    came = sorted((item.new, item) for item in passages if item.new_key == edit.key)
    return tuple(_joined(_pieces(edit, left, came)))


def _plain(edit: Edit) -> Iterator[Span]:
    """The spans of an edit without passages, joined as they are found."""
    old, new = edit.old.text, edit.new.text
    old_starts, new_starts = edit.old.starts, edit.new.starts
    spans: list[tuple[str, str, str, int]] = []
    kept, gone, came = _gap(old[: old_starts[0]], new[: new_starts[0]])
    at_old, at_new = old_starts[0], new_starts[0]
    for a, b, size in [*edit.blocks, (len(edit.old), len(edit.new), 0)]:
        start_old, start_new = old_starts[a], new_starts[b]
        gone += old[at_old:start_old]
        came += new[at_new:start_new]
        at_old, at_new = old_starts[a + size], new_starts[b + size]
        text = new[start_new:at_new]
        alike = old[start_old:at_old] == text
        for stretch in ((text, "", ""),) if alike else _kept(edit.old, edit.new, a, b, size):
            if gone or came:
                if kept:
                    spans.append(("equal", kept, "", 0))
                if gone:
                    spans.append(("delete", gone, "", 0))
                if came:
                    spans.append(("insert", came, "", 0))
                kept, gone, came = stretch
            else:
                kept += stretch[0]
                _, gone, came = stretch
    if kept:
        spans.append(("equal", kept, "", 0))
    return map(_SPAN, spans)


def _pieces(
    edit: Edit, left: list[tuple[int, Passage]], came: list[tuple[int, Passage]]
) -> Iterator[Span]:
    old, new = edit.old, edit.new
    yield from _spans(_gap(old.text[: old.starts[0]], new.text[: new.starts[0]]))
    at_old = at_new = 0
    for a, b, size in [*edit.blocks, (len(old), len(new), 0)]:
        if at_old < a:
            yield from _cut("delete", old, at_old, a, left)
        if at_new < b:
            yield from _cut("insert", new, at_new, b, came)
        at_old, at_new = a + size, b + size
        for stretch in _kept(old, new, a, b, size):
            yield from _spans(stretch)


def _spans(stretch: _Stretch) -> Iterator[Span]:
    return map(Span, ("equal", "delete", "insert"), stretch)


def _kept(old: Words, new: Words, at_old: int, at_new: int, size: int) -> Iterator[_Stretch]:
    """Equal tokens; where only the white space after one differs, that alone changed."""
    before = old.text[old.starts[at_old] : old.starts[at_old + size]]
    text = new.text[new.starts[at_new] : new.starts[at_new + size]]
    words = text.rstrip()
    if before.rstrip() == words:
        same, left, right = _gap(before[len(words) :], text[len(words) :])
        yield words + same, left, right
    else:
        half = size // 2
        yield from _kept(old, new, at_old, at_new, half)
        yield from _kept(old, new, at_old + half, at_new + half, size - half)


def _gap(old: str, new: str) -> _Stretch:
    """White space that differs: what both begin with is kept."""
    same = 0
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    return new[:same], old[same:], new[same:]


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
