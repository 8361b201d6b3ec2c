"""Comments as HTML: what Markdown gives, and what nobody gets through."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest import mock

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from policyforum.text import markdown
from policyforum.text.markdown import to_html
from policyforum.text.sanitise import clean
from tests.text.test_layout import assert_harmless

REL = 'rel="nofollow noopener noreferrer"'


@pytest.mark.parametrize(
    "text, html",
    [
        ("**a** _b_ ~~c~~ `d`", "<p><strong>a</strong> <em>b</em> <s>c</s> <code>d</code></p>"),
        ("satu\ndua", "<p>satu<br>\ndua</p>"),
        ("# Judul", "<h4>Judul</h4>"),
        ("#### Judul", "<h6>Judul</h6>"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("[a](https://x.example)", f'<p><a href="https://x.example" {REL}>a</a></p>'),
        (
            "https://x.example/a",
            f'<p><a href="https://x.example/a" {REL}>https://x.example/a</a></p>',
        ),
        ("<a@x.example>", f'<p><a href="mailto:a@x.example" {REL}>a@x.example</a></p>'),
        ("[a](/admin) [b](#c)", "<p>a b</p>"),
        ("bkpsdm.go.id", "<p>bkpsdm.go.id</p>"),
        ("![gambar](https://x.example/a.png)", "<p>gambar</p>"),
        ("<b>a</b>", "<p>&lt;b&gt;a&lt;/b&gt;</p>"),
        ("a[^1]", "<p>a<sup>1</sup></p>"),
    ],
)
def test_what_markdown_becomes(text: str, html: str) -> None:
    assert to_html(text).strip() == html


@pytest.mark.parametrize("scheme", ["javascript", "data", "vbscript", "file", "JaVaScRiPt", "ftp"])
def test_other_schemes_are_no_links(scheme: str) -> None:
    assert "<a" not in to_html(f"[a]({scheme}:alert(1)) <{scheme}:alert(1)>")


def test_attacks_in_comments_are_harmless(test_data: Path) -> None:
    vectors = json.loads((test_data / "badinput" / "dompurify-vectors.json").read_text())

    for vector in vectors:
        for html in (to_html(vector["payload"]), clean(vector["payload"])):
            for element in BeautifulSoup(html, "html.parser").find_all(True):
                assert_harmless(element)


@given(st.text(alphabet=st.sampled_from("<>[]()*_`~!\\\"'&;:/#|- \nabj1javscript.^"), max_size=200))
def test_no_text_makes_a_harmful_element(text: str) -> None:
    for element in BeautifulSoup(to_html(text), "html.parser").find_all(True):
        assert_harmless(element)


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "text",
    [">" * 65_536, "[" * 65_536, "![](" * 16_000, "<" * 65_536, "http://" * 9_000, "> - " * 9_000],
    ids=lambda text: text[:4],
)
def test_hostile_comments_end_soon(text: str) -> None:
    assert to_html(text) is not None


def test_threads_that_begin_together_read_alike() -> None:
    text = "**a** ~~b~~ https://x.example `c`\n\n* d\n\n|e|f|\n|-|-|\n|g|h|"
    expected = to_html(text)
    hasty = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _time in range(100):
            markdown._comments.cache_clear()
            parser = markdown._comments()  # shared, as after the first text
            shared = mock.patch.object(markdown, "_comments", return_value=parser)
            with shared, ThreadPoolExecutor(4) as threads:
                assert set(threads.map(to_html, [text] * 4)) == {expected}
    finally:
        sys.setswitchinterval(hasty)
