"""The words of one section as HTML: without its heading or marker, without its children."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from functools import cache
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

from policyforum.text import kinds
from policyforum.text.headings import atx_level, front_matter_end, heading_words
from policyforum.text.legal_lines import item, normalise
from policyforum.text.markdown import for_threads, parser
from policyforum.text.marks import lines
from policyforum.text.sanitise import gate
from policyforum.text.sections import Section

# Link definitions of the whole text, in the form markdown-it keeps them.
References = MutableMapping[str, Any]

_HEADED = frozenset(
    {kinds.BUKU, kinds.BAB, kinds.BAGIAN, kinds.PARAGRAF, kinds.PASAL} | kinds.ELUCIDATIONS
)
_NAMED = frozenset({kinds.MENIMBANG, kinds.MENGINGAT, kinds.MEMPERHATIKAN})
_MARKED = frozenset({kinds.AYAT, kinds.INSTRUKSI} | kinds.LISTS)
# Signatures, titles: every line stands for itself.
_LINED = frozenset({kinds.MENETAPKAN, kinds.PENUTUP, kinds.PENJELASAN, kinds.LAMPIRAN})

_MARKER = re.compile(r"[\s>*+_-]*\\?\(?\w{1,4}\\?[.)]\)?(?:\*\*|__)?[ \t]*")
_NAME = re.compile(r"(?:[\s>#*_]*(?:menimbang|mengingat|memperhatikan)[*_]*\s*:?)+", re.IGNORECASE)
_DIKTUM = re.compile(r"[\s>#*_]*+[A-Z ]{5,60}+[*_]*+\s*(?::|(?=\n)|$)[*_]*")
_LINE_START = re.compile(r"^[ \t]*(?:>[ \t]?)*[ \t]*(?:#{1,6}[ \t]+)?")
_BLOCKS = re.compile(r"^[ \t]{0,3}(?:\||```|~~~)", re.MULTILINE)
_ANY_BLOCKS = re.compile(
    r"^(?: {0,3}(?:\||```|~~~|[-*+][ \t]|\d{1,9}[.)][ \t]|>|-{3,}|\*{3,}|\[[^\]\n]{1,200}\]:)"
    r"| {4})",
    re.MULTILINE,
)
_INLINE_MARKUP = re.compile(r"[\\`*_\[\]<>&!~]|://|mailto:")
_SETEXT = re.compile(r"^ {0,3}(?:=+|-+)[ \t]*$", re.MULTILINE)
_DEFINITION = re.compile(r"^ {0,3}\[(?!\^)[^\[\]\n]{1,200}\]:[ \t]*\S[^\n]*$", re.MULTILINE)
_NOTE = re.compile(r"^( {0,3}\[\^[^\]\s]{1,40}\]):", re.MULTILINE)
_GLUED = re.compile(
    r"(?:\b(?:[Pp]asal|[Aa]yat|[Hh]uruf|[Aa]ngka|BAB|[Pp]aragraf|Lampiran)|\d(?=\s\([a-z])"
    r"|\d\d\.\d\d(?=\sWI))[ \n](?=\(|\d|[a-z]\b|[IVXLC]{1,7}\b|WI[BT])"
)


def references(source: str) -> References:
    """The link definitions anywhere in a text, for the sections that use them."""
    found: References = {}
    if "]:" in source:
        definitions = _DEFINITION.findall(source.replace("\r", "\n"))
        _parser(breaks=False).parse("\n".join(definitions), found)
    return found


def own_html(section: Section, known: References | None = None) -> str:
    """A section's own words as paragraphs or blocks of safe HTML; "" when it has none."""
    words = own_words(section)
    if not words.strip():
        return ""
    if section.kind == kinds.HEADING:
        return _rich(words, known)
    if section.kind == kinds.PREAMBLE:
        return _preamble(words, known)
    if _BLOCKS.search(words):
        return _rich(words, known)
    return "".join(f"<p>{one}</p>" for one in _paragraphs(section, words, known))


def item_html(section: Section, known: References | None = None) -> str:
    """The words of an ayat or list item, bare when they are one paragraph."""
    words = own_words(section)
    if _BLOCKS.search(words):
        return _rich(words, known)
    found = _paragraphs(section, words, known)
    return found[0] if len(found) == 1 else "".join(f"<p>{one}</p>" for one in found)


def glue(words: str) -> str:
    """Bind "ayat (1)", "Pasal 12", "1 (satu)", "16.00 WIB" with no-break spaces."""
    return _GLUED.sub(lambda found: found[0][:-1] + "\u00a0", words)


def own_words(section: Section) -> str:
    """The Markdown left when heading or marker are taken off."""
    text = section.text.replace("\r\n", "\n").replace("\r", "\n")
    if section.kind in _MARKED:
        return text[found.end() :] if (found := _MARKER.match(text)) else text
    if section.kind in _NAMED:
        return text[found.end() :] if (found := _NAME.match(text)) else text
    if section.kind == kinds.DIKTUM:
        return text[found.end() :] if (found := _DIKTUM.match(text)) else text
    if section.kind in _HEADED:
        return _without_head(text, section.heading)
    if section.kind == kinds.HEADING:
        return _without_heading(text, section.heading)
    return text


def _without_head(text: str, heading: str) -> str:
    """A BAB … Pasal without its head and title lines; what a scan glued to them stays."""
    rows = list(lines(text))
    first = ""
    missing = heading
    for row in rows:
        words = normalise(row.text)
        if not words:
            continue
        if not first:
            first = words
            if heading and heading in words:
                rest = words.split(heading, 1)[1]
                return rest + "\n" + text[row.end :]
        elif words == first:
            continue
        elif heading and words.startswith(first) and words.endswith(heading):
            missing = ""
        elif missing and missing.startswith(words):
            missing = missing[len(words) :].strip()
        else:
            return text[row.offset :]
    return ""


def _without_heading(text: str, heading: str) -> str:
    body = text.lstrip("\n \t\ufeff")
    line, _, rest = body.partition("\n")
    if atx_level(line) or (heading_words(line) == heading and not _SETEXT.match(rest)):
        return rest
    underline = _SETEXT.search(body)
    return body[underline.end() :] if underline else body


def _preamble(words: str, known: References | None) -> str:
    front = front_matter_end(words)
    shown = f"<pre><code>{escape(words[:front], quote=False)}</code></pre>" if front else ""
    words = words[front:]
    if _ANY_BLOCKS.search(words):
        return shown + _rich(words, known)
    return shown + "".join(
        f"<p>{_inline(one, known, breaks=one == one.upper())}</p>" for one in _split(words)
    )


def _paragraphs(section: Section, words: str, known: References | None) -> list[str]:
    breaks = section.kind in _LINED
    return [_inline(one, known, breaks=breaks) for one in _split(words)]


def _split(words: str) -> list[str]:
    """Paragraphs: at blank lines, and at a marker that was not in sequence."""
    found: list[list[str]] = [[]]
    for line in words.split("\n"):
        bare = _LINE_START.sub("", line).strip()
        if not bare:
            found.append([])
        elif item(normalise(bare)):
            found.append([bare])
        else:
            found[-1].append(bare)
    return ["\n".join(one) for one in found if one]


def _inline(words: str, known: References | None, *, breaks: bool) -> str:
    if not _INLINE_MARKUP.search(words):
        html = glue(words)
        return html.replace("\n", "<br>\n") if breaks else html
    return _gated(_parser(breaks=breaks).renderInline(words, dict(known or {})))


def _rich(words: str, known: References | None) -> str:
    marked = _NOTE.sub(r"\1\\:", words)
    return _gated(_parser(breaks=False).render(marked, dict(known or {})))


def _gated(html: str) -> str:
    return gate(html).strip().replace("&nbsp;", "\u00a0")


@cache
def _parser(*, breaks: bool) -> MarkdownIt:
    found = parser(breaks=breaks)
    found.core.ruler.push("glue", _glue_tokens)
    return for_threads(found)


def _glue_tokens(state: StateCore) -> None:
    for token in state.tokens:
        for child in token.children or ():
            if child.type == "text":
                child.content = glue(child.content)
