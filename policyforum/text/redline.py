"""A comparison's spans as something to read: wording without Markdown syntax.

For pages, `paragraphs` gives the pieces to mark up (what a screen reader should say is the
template's business) and `to_html` a plain rendering; `to_text` serves mail and the command line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import chain
from typing import Final

from policyforum.text.spans import Span
from policyforum.text.visible import hidden

# White space is looked at from its first character only, so that long stretches cost their length.
_BREAK: Final = re.compile(r"(?:(?<![ \t])[ \t]++)?(?:\n(?:[ \t]*\n)+|\r\n(?:[ \t]*\r\n)+)[ \t]*")
# A line that begins like this stands on its own, other line ends are only spaces.
_ITEM: Final = re.compile(
    r"(?:(?<![^\S\n])[^\S\n]++)?\n(?=[ \t]*+(?:[-*+•]\s|(?:\|[ \t]*+)?\w[^|\n]{0,300}\||"
    r"\(\d+[a-z]?\)\s|\d{1,3}[.)]\s|[a-z]{1,2}[.)]\s))"
)
_BULLET: Final = re.compile(r"^[ \t]{0,20}[-*+][ \t](?=\S)", re.MULTILINE)
_HEADING: Final = re.compile(r"^ {0,3}#{1,6}[ \t][^\n]*\n", re.MULTILINE)
_SPACE: Final = re.compile(r"(?:(?<![^\S\n])[^\S\n]++)?\n[^\S\n]*")
_SPACES: Final = re.compile(r" {2,}")
_TAGS: Final = {"insert": "ins", "delete": "del"}


@dataclass(frozen=True, slots=True)
class Piece:
    """Text to show. `op` as in spans; `peer` names the section a moved passage left or went to."""

    op: str
    text: str
    peer: str = ""


def paragraphs(spans: Sequence[Span]) -> tuple[tuple[Piece, ...], ...]:
    """What to show, by paragraph; "\\n" inside a piece is a line break. White space is tidied.

    For one side of a side-by-side view, leave out the spans of the other side's op.
    """
    found: list[list[Piece]] = [[]]
    for span, text in zip(spans, _visible(spans), strict=True):
        for number, part in enumerate(_BREAK.split(text)):
            if number and found[-1]:
                found.append([])
            if part:
                line = _SPACE.sub(" ", _ITEM.sub("\x00", part)).replace("\x00", "\n")
                found[-1].append(Piece(_op(span), line, span.peer))
    tidy = (_tidied(pieces) for pieces in found)
    return tuple(pieces for pieces in tidy if pieces)


def to_html(spans: Sequence[Span], inserted: str = "", deleted: str = "") -> str:
    """The spans as safe HTML: <p> with <ins> and <del>.

    `inserted` and `deleted` are words for screen readers, put before each change and hidden from
    sight (class "visually-hidden").
    """
    words = {"insert": inserted, "delete": deleted}
    return "".join(
        "<p>" + "".join(_html(piece, words.get(piece.op, "")) for piece in pieces) + "</p>"
        for pieces in paragraphs(spans)
    )


def to_text(spans: Iterable[Span]) -> str:
    """The spans in one plain text, the source with [-deleted-] and {+inserted+} words."""
    marks = {"equal": ("", ""), "insert": ("{+", "+}"), "delete": ("[-", "-]")}
    parts: list[str] = []
    for span in spans:
        lead = span.text[: len(span.text) - len(span.text.lstrip())]
        core = span.text.strip()
        tail = span.text[len(lead) + len(core) :]
        start, end = marks[span.op] if core else ("", "")
        if core or span.op != "delete":
            parts += [lead, start, core, end, tail]
    return "".join(parts)


def _op(span: Span) -> str:
    """White space alone is never shown as a change."""
    return span.op if span.text.strip() else "equal"


def _visible(spans: Sequence[Span]) -> list[str]:
    """Each span's text as a reader sees it."""
    before = _shown("".join(span.text for span in spans if span.op != "insert"))
    after = _shown("".join(span.text for span in spans if span.op != "delete"))
    texts: list[str] = []
    old = new = 0
    for span in spans:
        size = len(span.text)
        seen = before[old : old + size] if span.op == "delete" else after[new : new + size]
        old += size if span.op != "insert" else 0
        new += size if span.op != "delete" else 0
        blank = span.op == "delete" and not span.text.strip()
        texts.append("" if blank else "".join(seen))
    return texts


def _shown(source: str) -> list[str]:
    """What is shown for each character: nothing for markup, a bullet for a list marker."""
    shown = [
        "" if off else character for character, off in zip(source, hidden(source), strict=True)
    ]
    for found in _BULLET.finditer(source):
        shown[found.end() - 2 : found.end()] = ["•", " "]
    for found in _HEADING.finditer(source):
        shown[found.end() - 1] = "\n\n"
    return shown


def _tidied(pieces: list[Piece]) -> tuple[Piece, ...]:
    """White space stands outside of changes, once, and at neither end of a paragraph."""
    joined: list[Piece] = []
    for piece in chain.from_iterable(map(_bared, pieces)):
        last = joined[-1] if joined else Piece("equal", "")
        if last.op == piece.op == "equal":
            joined[-1:] = [Piece("equal", _SPACES.sub(" ", last.text + piece.text))]
        elif joined and (last.op, last.peer) == (piece.op, piece.peer):
            joined[-1] = Piece(last.op, last.text + piece.text, last.peer)
        else:
            joined.append(piece)
    if joined:
        joined[0] = Piece(joined[0].op, joined[0].text.lstrip(), joined[0].peer)
        joined[-1] = Piece(joined[-1].op, joined[-1].text.rstrip(), joined[-1].peer)
    return tuple(piece for piece in joined if piece.text)


def _bared(piece: Piece) -> Iterator[Piece]:
    """A change without the white space at its ends, and that space beside it."""
    if piece.op == "equal":
        yield piece
        return
    core = piece.text.strip()
    lead = piece.text[: len(piece.text) - len(piece.text.lstrip())]
    yield Piece("equal", lead)
    if core:
        yield Piece(piece.op, core, piece.peer)
        yield Piece("equal", piece.text[len(lead) + len(core) :])


def _html(piece: Piece, words: str) -> str:
    text = escape(piece.text).replace("\n", "<br>")
    tag = _TAGS.get(piece.op)
    if tag is None:
        return text
    told = f'<span class="visually-hidden">{escape(words)} </span>' if words else ""
    return f"<{tag}>{told}{text}</{tag}>"
