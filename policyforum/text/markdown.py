"""Markdown of comments and free texts to safe HTML."""

from __future__ import annotations

import re
from collections.abc import MutableMapping, Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import table
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from policyforum.text.sanitise import SCHEMES, clean

# Deeper quotes and lists are cut: nesting is what makes sanitisers slow.
DEEPEST_NESTING = 20

# A longer paragraph is shown as it was typed: emphasis and links are matched in quadratic time.
LONGEST_PARAGRAPH = 20_000

# Headings inside a contribution or a section stay below the page's own.
_FIRST_HEADING = 4

_FOOTNOTE = re.compile(r"\[\^([^\s\[\]]{1,40})\]")


def parser(*, breaks: bool) -> MarkdownIt:
    """A CommonMark parser with tables and strike-through, without raw HTML, images and odd links.

    `breaks`: a single line end is a line break.
    """
    markdown = MarkdownIt(
        "commonmark",
        {"html": False, "maxNesting": DEEPEST_NESTING, "breaks": breaks, "linkify": True},
    )
    markdown.enable(["table", "strikethrough", "linkify"])
    if markdown.linkify is not None:
        markdown.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    markdown.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    markdown.core.ruler.at("inline", _inline)
    markdown.core.ruler.push("tame", _tame)
    markdown.inline.ruler.before("link", "footnote_mark", _footnote_mark)
    markdown.add_render_rule("footnote_mark", _footnote)
    markdown.add_render_rule("image", _image)
    return markdown


def to_html(text: str) -> str:
    """A comment's Markdown as sanitised HTML: no raw HTML, no images, links to http, https, mailto.

    Line ends are kept as line breaks; headings become h4 to h6.
    """
    return clean(str(_comments().render(text)))


@cache
def _comments() -> MarkdownIt:
    return for_threads(parser(breaks=True))


def for_threads(markdown: MarkdownIt) -> MarkdownIt:
    """The same parser with its rules put in order, which it leaves to the first text.

    Threads that come meanwhile would read theirs by some of the rules, or by none.
    """
    inline = markdown.inline
    for ruler in (markdown.core.ruler, markdown.block.ruler, inline.ruler, inline.ruler2):
        ruler.getRules("")
    return markdown


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A table, unless its short rows would be filled up with more cells than characters were typed.

    The parser gives every row as many cells as the head has, so that a few thousand characters
    could become a hundred thousand cells.
    """
    return table(state, start, end, True) and (
        _is_written_out(state, start, end) and (silent or table(state, start, end, False))
    )


def _is_written_out(state: StateBlock, start: int, end: int) -> bool:
    width = _bars(state, start)
    typed = filled = 0
    for line in range(start, end):
        if state.isEmpty(line):
            break
        typed += state.eMarks[line] - state.bMarks[line] + 1
        filled += max(0, width - _bars(state, line))
        if filled > typed:
            return False
    return True


def _bars(state: StateBlock, line: int) -> int:
    return state.src.count("|", state.bMarks[line], state.eMarks[line])


def _inline(state: StateCore) -> None:
    """Emphasis, links and code of every paragraph that is not too long."""
    for token in state.tokens:
        if token.type != "inline":
            continue
        token.children = []
        if len(token.content) > LONGEST_PARAGRAPH:
            token.children.append(Token("text", "", 0, content=token.content))
        else:
            state.md.inline.parse(token.content, state.md, state.env, token.children)


def _tame(state: StateCore) -> None:
    """Demote headings and unlink what leads anywhere but to a full web or mail address."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + _FIRST_HEADING - 1)}"
        unlinked = False
        for child in token.children or ():
            if child.type == "link_open":
                address = str(child.attrGet("href") or "")
                unlinked = not address.lower().startswith(tuple(f"{s}:" for s in SCHEMES))
            if child.type in ("link_open", "link_close") and unlinked:
                child.hidden = True


def _image(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: MutableMapping[str, Any],
) -> str:
    """An image's words in its place: nothing is fetched from elsewhere."""
    return escapeHtml(renderer.renderInlineAsText(tokens[index].children, options, env))


def _footnote_mark(state: StateInline, silent: bool) -> bool:
    """Take `[^1]` as a footnote's mark, set high; its note stays where its author wrote it."""
    found = _FOOTNOTE.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        state.push("footnote_mark", "sup", 0).content = found[1]
    state.pos = found.end()
    return True


def _footnote(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: MutableMapping[str, Any],
) -> str:
    return f"<sup>{escapeHtml(tokens[index].content)}</sup>"
