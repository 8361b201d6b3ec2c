"""The visible words of Markdown, with a map back to the source.

A light reading, not a renderer: it tells which characters of the source a reader sees, so that a
quotation taken from the page can be found in the source, and a redline can show wording instead of
syntax. Every expression is bounded: linear time on any input.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Final

_FENCE: Final = re.compile(r"[ \t>]{0,40}+(?:`{3,}+|~{3,}+)[^`\n]*$")
_RULE: Final = re.compile(r"[ \t]*(?:[-|:+][-|:+ \t]*|=+[ \t]*)$")
_PREFIX: Final = re.compile(r"[ \t]{0,40}(?:>[ \t]?|#{1,6}(?=[ \t])|[-*+](?=[ \t])|[ \t])*")
_NUMBER: Final = re.compile(r"\d{1,9}[.)][ \t]+")
_DEFINITION: Final = re.compile(r" {0,3}\[[^\]\n]{1,200}\]:[ \t]")
_MARKUP: Final = re.compile(
    r"\\(?=[!-/:-@\[-`{-~])"  # an escape
    r"|\]\((?:<[^<>\n]{0,2000}>|[^()\s<>]{0,2000})(?:\s{1,3}(?:\"[^\"\n]{0,500}\"|'[^'\n]{0,500}'))?\)"
    r"|\]\[[^\[\]\n]{0,200}\]"
    r"|\{[:#.][^{}\n]{0,200}\}"  # attributes of a heading or block
    r"|<!--(?:(?!-->)[^\n]){0,2000}-->"
    r"|</?[A-Za-z][^<>\n]{0,500}>"
    r"|&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
    r"|!?\[|\]|\*+|`+|~~|\||(?<![^\W_])_+|_+(?![^\W_])"
)
_ADDRESS: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]{1,31}:[^<>\s]*>")


@dataclass(frozen=True, slots=True)
class Piece:
    """Visible text and the stretch of the source it stands for (longer for an entity)."""

    text: str
    start: int
    end: int


def pieces(source: str, *, list_numbers: bool = True) -> Iterator[Piece]:
    """Yield what a reader sees, in order; line ends are seen as they are.

    `list_numbers` tells whether the "1." of a list counts as seen (a browser draws it, but does not
    put it into a copied selection).
    """
    fenced = False
    start = 0
    for line in source.splitlines(keepends=True):
        bare = line.rstrip("\r\n")
        end = start + len(line)
        if _FENCE.match(bare):
            fenced = not fenced
        elif fenced:
            yield Piece(line, start, end)
        elif not (_RULE.match(bare) or _DEFINITION.match(bare)):
            yield from _line(line, start, list_numbers)
        start = end


def hidden(source: str) -> bytearray:
    """One byte per character of the source: 1 where it is markup a reader does not see."""
    mask = bytearray(b"\x01") * len(source)
    for piece in pieces(source):
        mask[piece.start : piece.end] = bytes(piece.end - piece.start)
    return mask


def _line(line: str, start: int, list_numbers: bool) -> Iterator[Piece]:
    prefix = _PREFIX.match(line)
    at = prefix.end() if prefix else 0
    if not list_numbers:
        number = _NUMBER.match(line, at)
        at = number.end() if number else at
    for markup in _MARKUP.finditer(line, at):
        if markup.start() < at:
            continue
        if markup.start() > at:
            yield Piece(line[at : markup.start()], start + at, start + markup.start())
        at = markup.end()
        found = markup.group()
        if found[0] == "&":
            yield Piece(unescape(found), start + markup.start(), start + at)
        elif found[0] == "<" and _ADDRESS.match(found):
            yield Piece(found[1:-1], start + markup.start() + 1, start + at - 1)
    if at < len(line):
        yield Piece(line[at:], start + at, start + len(line))
