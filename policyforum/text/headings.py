"""The structure of generic Markdown: ATX and setext headings outside code, comments, lists.

Where other lines look like headings and are more, they are headings as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from markdown_it import MarkdownIt

from policyforum.text import kinds
from policyforum.text.markdown import for_threads
from policyforum.text.marks import Line, Mark, lines
from policyforum.text.unmarked import ANCHOR, unmarked_heads

_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+|$)")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_LONG_UNDERLINE = re.compile(r" {0,3}([=-])\1{2,}[ \t]*$")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")
_CONTAINER = re.compile(r" {0,3}(?:>|[-+*](?:[ \t]|$)|\d{1,9}[.)](?:[ \t]|$))")
_INDENTED = re.compile(r"(?: {4}| {0,3}\t)")
_CLOSING_HASHES = re.compile(r"(?:^|[ \t])#+$")
_ATTRIBUTES = re.compile(r"(?:(?<![ \t])[ \t]++)?\{[:#.][^{}]{0,200}\}$")
_NUMBER = re.compile(
    r"(?P<word>(?:§§?|Art(?:icle|ikel|\.)|Section|Chapter|Part|Annex|Appendix)\s?"
    r"(?:[1-9]\d{0,3}(?:\.\d{1,3})*\s?[a-z]{0,2}|[IVXLC]{1,7}|[A-Z])(?=$|[\s.:,–—-]))"
    r"|(?P<dotted>[1-9]\d{0,2}(?:\.\d{1,3}){1,8})\.?(?=$|\s)"
    r"|(?P<plain>[1-9]\d{0,2}[a-z]?)[.)]?(?=$|\s)"
    r"|(?P<letter>[A-Z]|[IVXLC]{1,7})[.)](?=$|\s)"
)
_MARKUP = re.compile(r"[\\`*_\[\]<>!&~]")

# A heading longer than this is text somebody underlined by mistake: cite its beginning.
LONGEST_HEADING = 300

_inline = for_threads(MarkdownIt("commonmark", {"html": False, "maxNesting": 20}))


def heading_words(markup: str) -> str:
    """The visible words of a heading's Markdown, on one line, cut at LONGEST_HEADING."""
    words = _ATTRIBUTES.sub("", ANCHOR.sub("", markup.strip()[: LONGEST_HEADING * 4]))
    if _MARKUP.search(words):
        words = "".join(
            child.content if child.type in ("text", "code_inline", "image") else " "
            for token in _inline.parseInline(words)
            for child in token.children or ()
            if child.type in ("text", "code_inline", "image", "softbreak", "hardbreak")
        )
    words = " ".join(unescape(words).split())
    return words if len(words) <= LONGEST_HEADING else words[:LONGEST_HEADING].rstrip() + "…"


def title_beside(label: str, heading: str) -> str:
    """What a heading says beside its label; "" where it is the label alone."""
    return "" if heading == label else heading


def atx_level(text: str) -> int:
    """1 to 6 when the line is an ATX heading, else 0."""
    found = _ATX.match(text.rstrip("\r\n"))
    return len(found[1]) if found else 0


def atx_words(text: str) -> str:
    """The Markdown of an ATX heading without its hashes."""
    body = text.strip(" \t\r\n\ufeff").lstrip("#").strip(" \t")
    return _CLOSING_HASHES.sub("", body).rstrip(" \t")


def cited_number(words: str) -> str:
    """The number a heading begins with ("2.1", "§ 12", "Article 3", "A"), or ""."""
    found = _NUMBER.match(words)
    return " ".join(found[found.lastgroup or 0].split()) if found else ""


def heading_marks(source: str) -> list[Mark]:
    """Marks of a generic Markdown text, nested by heading level; at least one, the first at 0."""
    marks: list[Mark] = []
    open_levels: list[tuple[int, int]] = []
    for found in _headings(source):
        if not marks and source[: found.offset].strip(" \t\r\n\ufeff"):
            marks.append(Mark(0, None, kinds.PREAMBLE, label="Pembukaan"))
        while open_levels and open_levels[-1][0] >= found.level:
            open_levels.pop()
        parent = open_levels[-1][1] if open_levels else None
        open_levels.append((found.level, len(marks)))
        number = cited_number(found.words)
        offset = found.offset if marks else 0
        marks.append(Mark(offset, parent, kinds.HEADING, number, found.words, found.words))
    return marks or [Mark(0, None, kinds.PREAMBLE, label="Pembukaan")]


@dataclass(frozen=True, slots=True)
class _Heading:
    offset: int
    level: int
    words: str


def _headings(source: str) -> list[_Heading]:
    scanner = _Scanner(source)
    for line in lines(source):
        scanner.read(line)
    unmarked = [
        _Heading(at, level, heading_words(words)) for at, level, words in unmarked_heads(source)
    ]
    if len(unmarked) <= len(scanner.found):
        return scanner.found
    return sorted([*unmarked, *scanner.found], key=lambda found: found.offset)


class _Scanner:
    """Reads Markdown line by line, keeping only what decides whether a line is a heading."""

    def __init__(self, source: str) -> None:
        self.found: list[_Heading] = []
        self._source = source
        self._skip_to = front_matter_end(source)
        self._comments = True
        self._fence = ""
        self._paragraph: Line | None = None
        self._numbered: Line | None = None  # "1. Scope" alone: a heading once it is underlined
        self._in_container = False

    def read(self, line: Line) -> None:
        if line.offset < self._skip_to:
            return
        text = line.text.rstrip("\r\n")
        if line.offset == 0:
            text = text.removeprefix("\ufeff")
        if self._fence:
            if _closes(text, self._fence):
                self._fence = ""
        elif not text.strip(" \t"):
            self._leave_paragraph()
        elif not _INDENTED.match(text):
            self._read_block(line, text)

    def _read_block(self, line: Line, text: str) -> None:
        if fence := _FENCE.match(text):
            self._fence = fence[1]
            self._leave_paragraph()
        elif atx := _ATX.match(text):
            self._add(line.offset, len(atx[1]), atx_words(text))
        elif self._paragraph and (underline := _UNDERLINE.match(text)):
            above = self._source[self._paragraph.offset : line.offset]
            level = 1 if underline[1][0] == "=" else 2
            self._add(self._paragraph.offset, level, above.removeprefix("\ufeff"))
        elif self._numbered and (underline := _LONG_UNDERLINE.match(text)):
            level = 1 if underline[1] == "=" else 2
            self._add(self._numbered.offset, level, self._numbered.text)
        elif _RULE.match(text):
            self._leave_paragraph()
        elif text.lstrip(" ").startswith("<!--") and not self._paragraph:
            self._skip_comment(line)
        elif _CONTAINER.match(text) and not self._interrupts_nothing(text):
            begins = not (self._paragraph or self._in_container)
            self._leave_paragraph()
            self._numbered = line if begins and text.strip()[0].isdigit() else None
            self._in_container = True
        elif not self._paragraph and not self._in_container:
            self._paragraph = line
        else:
            self._numbered = None

    def _skip_comment(self, line: Line) -> None:
        """Skip to the end of an HTML comment; one that is never closed hides nothing."""
        if self._comments:
            end = self._source.find("-->", line.offset)
            self._comments = end >= 0
            self._skip_to = end

    def _interrupts_nothing(self, text: str) -> bool:
        """A numbered line in a paragraph opens a list only when it counts from one."""
        return self._paragraph is not None and not re.match(r" {0,3}(?:[>*+-]|1[.)])", text)

    def _add(self, offset: int, level: int, markup: str) -> None:
        self.found.append(_Heading(offset, level, heading_words(markup)))
        self._leave_paragraph()

    def _leave_paragraph(self) -> None:
        self._paragraph = self._numbered = None
        self._in_container = False


def _closes(text: str, fence: str) -> bool:
    bare = text.strip(" \t")
    indent = len(text) - len(text.lstrip(" "))
    return indent < 4 and len(bare) >= len(fence) and set(bare) == {fence[0]}


def front_matter_end(source: str) -> int:
    """Where the text proper begins after a YAML block between `---` lines, or 0."""
    found = re.match(r"\ufeff?---[ \t]*(?:\r\n?|\n)", source)
    if not found:
        return 0
    closing = re.compile(r"^(?:---|\.\.\.)(?:[ \t]+[a-z][\w -]*|[ \t]*)$", re.MULTILINE)
    end = closing.search(source.replace("\r", "\n"), found.end())
    if end is None or not re.search(r"^[\w-]+[ \t]*:", source[found.end() :], re.MULTILINE):
        return 0
    return end.end()
