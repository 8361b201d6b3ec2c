"""Markdown that makes parsers slow: the kinds that CommonMark's own tests know, each cut to a size.

Written anew from their names; every one has brought some renderer to a halt.
"""

from __future__ import annotations

from collections.abc import Callable

KIND = Callable[[int], str]
"""n → the text, about n characters long."""


def _nested(opening: str, closing: str = "", core: str = "a") -> KIND:
    def make(size: int) -> str:
        times = max(1, size // (len(opening) + len(closing)))
        return opening * times + core + closing * times

    return make


def _again(piece: str, before: str = "", after: str = "") -> KIND:
    return lambda size: before + piece * max(1, size // len(piece)) + after


def _growing_backticks(size: int) -> str:
    count = max(1, int((2 * size) ** 0.5))
    return "".join("e" + "`" * n for n in range(1, count))


def _many_references(size: int) -> str:
    count = max(1, size // 16)
    return "".join(f"[{n}]: /u\n" for n in range(count)) + "[0] " * count


def _footnotes(size: int) -> str:
    count = max(1, size // 20)
    marks = "".join(f"a[^{n}] " for n in range(count))
    return marks + "\n\n" + "".join(f"[^{n}]: b\n" for n in range(count))


KINDS: dict[str, KIND] = {
    "nested strong emphasis": _nested("*a **a ", " a** a*", "b"),
    "many emphasis closers without openers": _again("a_ "),
    "many emphasis openers without closers": _again("_a "),
    "many link closers without openers": _again("a]"),
    "many link openers without closers": _again("[a"),
    "mismatched openers and closers": _again("*a_ "),
    "openers and closers, a multiple of three": _again("c** ", "a**b", "d"),
    "link openers and emphasis closers": _again("[ a_"),
    "a pattern [ (]( repeated": _again("[ (]("),
    "a hard link with long brackets": _again("]", "**x [a*b**c*](d)" + "["),
    "images in images": _nested("![", "](/u)"),
    "links in links": _nested("[", "](/u)"),
    "nested brackets": _nested("[", "]"),
    "nested block quotes": _nested("> "),
    "deeply nested lists": lambda size: "".join(
        "  " * depth + "* a\n" for depth in range(int(size**0.5))
    ),
    "nested numbered lists": _nested("1. "),
    "null characters aside, U+FFFD repeated": _again("abc\ufffdde\ufffd"),
    "backticks in growing runs": _growing_backticks,
    "unclosed links, <": _again("[a](<b"),
    "unclosed links": _again("[a](b"),
    "unclosed <!--": _again("<!--", "</"),
    "unclosed <?": _again("<?", "</"),
    "unclosed <![CDATA[": _again("<![CDATA["),
    "unclosed <!A": _again("<!A "),
    "many references": _many_references,
    "many footnotes": _footnotes,
    "empty lines in a list": lambda size: "- a\n" + "\n" * size + "b",
    "a list that goes on lazily": lambda size: "> a\n" + "b\n" * (size // 2),
    "nothing but blanks": _again(" ", "a", "b"),
    "nothing but >": _again(">"),
    "nothing but <": _again("<"),
    "nothing but backslashes": _again("\\"),
    "nothing but &": _again("&amp"),
    "entities": _again("&#x0;"),
    "autolinks left open": _again("<http://a"),
    "addresses": _again("http://a.b "),
    "mail addresses": _again("a@b.c"),
    "a table's row": _again("|a", "|a|\n|-|\n"),
    "a table with wide rows": lambda size: "|" + "a|" * (size // 8) + "\n|" + "-|" * (size // 8)
    + ("\n|" + "b|" * 20) * (size // 80),
    "setext underlines": _again("a\n=\n"),
    "headings": _again("# a\n"),
    "raw tags": _again("<div>"),
    "tildes": _again("~~a"),
    "one word": _again("a"),
    "items of a regulation": _again("(1) a. 1) "),
    "articles in one line": _again("Pasal 1 "),
    "articles": _again("Pasal 1\n\n(1) a\n"),
    "chapters in one line": _again("BAB I "),
}  # fmt: skip
