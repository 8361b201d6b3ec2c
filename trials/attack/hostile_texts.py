"""Texts that would run in a reader's browser, if they were let.

Ours say that they ran by counting; the others call alert, prompt, confirm or print.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from policyforum.web.texts import is_blank

OWN = (
    "<script>window.__ran++</script>",
    "<img src=x onerror=window.__ran++>",
    '"><svg onload=window.__ran++>',
    "'-window.__ran++-'",
    "javascript:window.__ran++",
    "[a](javascript:window.__ran++)",
    "[a](<javascript:window.__ran++>)",
    '![a](x "onerror=window.__ran++")',
    '<a href="&#106;avascript:window.__ran++">x</a>',
    "`</code><script>window.__ran++</script>`",
    "{{ 7*7 }}{% raw %}",
    "</title><script>window.__ran++</script>",
    "</textarea><script>window.__ran++</script>",
    "<!--><script>window.__ran++</script>-->",
    "# <iframe srcdoc='<script>parent.__ran++</script>'>",
)

FILES = (
    ("dompurify-vectors", "payload"),
    ("naughty-strings", "value"),
    ("commonmark-0.31.2", "markdown"),
)
"""Others' collections in the test data, and the field the text is in."""

RUN = "window.__ran++"
ELEMENTS = (
    "dialog open",
    "img src=x", "svg", "video src=x", "audio src=x", "body", "details open", "input autofocus",
    "select autofocus", "textarea autofocus", "iframe src=x", "object data=x", "embed src=x",
    "marquee", "math", "table background=x", "link rel=stylesheet href=x", "form", "button", "a",
    "style",
)  # fmt: skip
HANDLERS = (
    "onerror", "onload", "onfocus", "onmouseover", "ontoggle", "onstart", "onclick",
    "onpointerenter",    "onanimationstart", "onscroll",
)  # fmt: skip
SHAPES = (
    "<{element} {handler}={run}>", "<{element}/{handler}='{run}'>",
    '"><{element} {handler}="{run}">',
    "</title></textarea></style></script><{element} {handler}={run}>",
    "<{element}\n{handler}\n=\n{run} //",
    "`<{element} {handler}={run}>`", "[x](<a {element} {handler}={run}>)",
    "| <{element} {handler}={run}> |\n|---|\n| x |",
)  # fmt: skip
SCHEMES = (
    "javascript:{run}", "JaVaScRiPt:{run}", "java\tscript:{run}", "java&#10;script:{run}",
    "&#x6a;avascript:{run}", "\x01javascript:{run}", "javascript&colon;{run}", "vbscript:{run}",
    "data:text/html,<script>{run}</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "//javascript:{run}", "javascript://%0a{run}",
)  # fmt: skip
LINKS = (
    "[x]({url})", "[x](<{url}>)", "<{url}>", "[x]: {url}\n\n[x]", "![x]({url})",
    '<a href="{url}">x</a>',
    "<form action='{url}'><button>x", "<iframe src='{url}'>", "[x]({url} 'onmouseover={run}')",
    "<meta http-equiv=refresh content='0;{url}'>", "<base href='{url}'>", "<use href='{url}'>",
)  # fmt: skip


def hostile_texts(data: Path | None, *, full: bool) -> list[str]:
    """Ours, those of the test data at `data`, and in full some 1,700 that are put together."""
    found = list(OWN)
    if data is not None:
        for name, field in FILES:
            entries = json.loads((data / "badinput" / f"{name}.json").read_text("utf-8"))
            found += [entry[field] for entry in entries]
    if full:
        found += _put_together()
    return [text for text in dict.fromkeys(found) if not is_blank(text) and "\x00" not in text]


def _put_together() -> Iterator[str]:
    for shape, element, handler in product(SHAPES, ELEMENTS, HANDLERS):
        yield shape.format(element=element, handler=handler, run=RUN)
    for link, scheme in product(LINKS, SCHEMES):
        yield link.format(url=scheme.format(run=RUN), run=RUN)
