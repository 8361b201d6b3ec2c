"""A section's change as a page shows it: the marker apart, which hangs, and the words.

The spans of `text.diff` are exact to the character of the Markdown. Here a marker ("(2)", "b.") or
a heading line, which the page sets on its own, is cut off their start.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from policyforum.text.contents import own_words
from policyforum.text.diff import SectionChange
from policyforum.text.keyed import KeyedSection
from policyforum.text.redline import Piece, paragraphs
from policyforum.text.spans import Span

Paragraphs = tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """`number_before`, `number_after`: the markers, "" where there is none.

    `paragraphs`: both texts in one; `before` and `after`: each side for itself.
    """

    number_before: str
    number_after: str
    paragraphs: Paragraphs
    before: Paragraphs
    after: Paragraphs


def wording(change: SectionChange) -> Wording:
    """What became of one section's marker and words; either side may be missing."""
    before, after = change.before, change.after
    whole = change.spans or tuple(_whole(before, after))
    spans = _without_end(_without_start(whole, _head_length(before), _head_length(after)))
    return Wording(
        before.section.number if before else "",
        after.section.number if after else "",
        paragraphs(spans),
        _side(spans, "insert"),
        _side(spans, "delete"),
    )


def _side(spans: Sequence[Span], other: str) -> Paragraphs:
    return paragraphs([span for span in spans if span.op != other])


def _whole(before: KeyedSection | None, after: KeyedSection | None) -> Iterator[Span]:
    if before and after:
        yield Span("equal", after.section.text)
    elif after:
        yield Span("insert", after.section.text)
    elif before:
        yield Span("delete", before.section.text)


def _head_length(entry: KeyedSection | None) -> int:
    """How many characters of a section's text are its heading or marker."""
    if entry is None:
        return 0
    text, length = entry.section.text, 0
    for _ in range(len(text.replace("\r\n", "\n")) - len(own_words(entry.section))):
        length += 2 if text.startswith("\r\n", length) else 1
    return length


def _without_start(spans: Iterable[Span], old: int, new: int) -> Iterator[Span]:
    """The spans without the first `old` characters of the old text and `new` of the new."""
    for span in spans:
        drop = old if span.op == "delete" else new
        if span.op == "equal" and old != new:
            yield from _uneven(span, old, new)
        elif drop < len(span.text):
            yield Span(span.op, span.text[drop:], span.peer, span.passage)
        if span.op != "insert":
            old = max(old - len(span.text), 0)
        if span.op != "delete":
            new = max(new - len(span.text), 0)


def _uneven(span: Span, old: int, new: int) -> Iterator[Span]:
    """An equal stretch that belongs to the head on one side only."""
    near, far = sorted((min(old, len(span.text)), min(new, len(span.text))))
    yield Span("delete" if old < new else "insert", span.text[near:far])
    yield Span("equal", span.text[far:])


def _without_end(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans without the white space either text ends in, which would part paragraphs."""
    kept: list[Span] = []
    old_ends = new_ends = True
    for span in reversed(list(spans)):
        at_end = (old_ends or span.op == "insert") and (new_ends or span.op == "delete")
        words = span.text.rstrip() if at_end else span.text
        if words.strip():
            old_ends = old_ends and span.op == "insert"
            new_ends = new_ends and span.op == "delete"
        if words:
            kept.append(Span(span.op, words, span.peer, span.passage))
    return tuple(reversed(kept))
