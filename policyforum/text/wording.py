"""A section's change as a reader should see it: wording, not syntax.

The spans of `text.diff` are exact to the character of the Markdown. For the page they are cut in
two: the marker ("(2)", "b.", "Pasal 12"), shown hanging, and the words. Heading lines, which a page
shows as a head of their own, are left out of the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from policyforum.text.contents import own_words
from policyforum.text.diff import SectionChange
from policyforum.text.keyed import KeyedSection
from policyforum.text.redline import Piece, paragraphs
from policyforum.text.spans import Span


@dataclass(frozen=True, slots=True)
class Wording:
    """`number_before`, `number_after`: the markers, "" where there is none.

    `paragraphs`: the words in pieces to mark up, as of `redline.paragraphs`.
    """

    number_before: str
    number_after: str
    paragraphs: tuple[tuple[Piece, ...], ...]

    @property
    def words(self) -> tuple[Piece, ...]:
        """All pieces in one run."""
        return tuple(piece for pieces in self.paragraphs for piece in pieces)

    @property
    def renumbered(self) -> bool:
        return self.number_before != self.number_after


def wording(change: SectionChange) -> Wording:
    """What became of one section's marker and words; either side may be missing."""
    before, after = change.before, change.after
    spans: Iterable[Span] = change.spans or _unchanged(before, after)
    words = _without_start(spans, _head_length(before), _head_length(after))
    return Wording(
        before.section.number if before else "",
        after.section.number if after else "",
        paragraphs(tuple(words)),
    )


def _unchanged(before: KeyedSection | None, after: KeyedSection | None) -> Iterator[Span]:
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
        drop = max(old, new) if span.op == "equal" else old if span.op == "delete" else new
        if span.op == "equal" and old != new:
            yield from _uneven(span, old, new)
        elif drop < len(span.text):
            yield Span(span.op, span.text[max(drop, 0) :], span.peer, span.passage)
        if span.op != "insert":
            old -= len(span.text)
        if span.op != "delete":
            new -= len(span.text)
        old, new = max(old, 0), max(new, 0)


def _uneven(span: Span, old: int, new: int) -> Iterator[Span]:
    """An equal stretch that belongs to the head on one side only."""
    near, far = sorted((min(old, len(span.text)), min(new, len(span.text))))
    yield Span("delete" if old < new else "insert", span.text[near:far])
    yield Span("equal", span.text[far:])
