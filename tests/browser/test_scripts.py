"""The scripts by themselves, on small pages: quoting, swapping, keeping, sheets and shortcuts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, Route, expect

BUILD = Path(__file__).resolve().parents[2] / "static" / "build"
ORIGIN = "http://forum.test"

TEXT = """
<div id="naskah" data-quotable>
<article class="pasal" id="s-p12" data-label="Pasal 12">
<h4 class="num"><span>Pasal </span>12</h4>
<div class="body">
<div class="ayat" id="s-a1"><span class="a">(1)</span>
<div>Pegawai dapat mengusulkan apabila:
<ol class="hrf"><li id="s-h1"><span class="a">a.</span><div>memiliki masa\u00a0kerja tiga tahun;
</div></li><li id="s-h2"><span class="a">b.</span><div>tidak dihukum.</div></li></ol>
</div></div>
<a class="voice" id="opener" href="#utas">2 masukan</a>
</div>
<aside class="threads" id="utas"><div class="sheet-h"><b>Pasal 12</b><a href="#naskah">x</a></div>
<section class="th" id="t1" data-step><p>satu</p></section>
<section class="th" id="t2" data-step><p>dua</p></section></aside>
</article>
</div>
<div class="selbar" id="selection-bar" data-too-long="Terlalu panjang" hidden>
<span data-quote></span>
<button type="button" data-mode="comment">Komentar</button>
<button type="button" data-mode="suggestion">Usul</button></div>
<dialog id="comment-dialog" data-whole="Naskah">
<p data-place></p><blockquote><p data-quote></p></blockquote>
<form method="post" action="/threads" data-enhance="naskah" data-keep="thread">
<input type="hidden" name="section"><input type="hidden" name="exact">
<input type="hidden" name="prefix"><input type="hidden" name="suffix">
<input type="hidden" name="start">
<div data-suggestion><textarea name="replacement" aria-label="rumusan"></textarea></div>
<textarea name="body" aria-label="masukan"></textarea>
<div data-messages></div><button>Kirim</button>
</form></dialog>
<dialog id="shortcuts"><label><input type="checkbox" data-shortcuts-switch>pakai</label></dialog>
"""

SELECT = """([from, to]) => {
  const [first, last] = [from, to].map((words) => {
    const walk = document.createTreeWalker(document.querySelector("[data-quotable]"), 4);
    while (walk.nextNode()) {
      const at = walk.currentNode.data.indexOf(words);
      if (at >= 0) return [walk.currentNode, at, at + words.length];
    }
  });
  const range = document.createRange();
  range.setStart(first[0], first[1]);
  range.setEnd(last[0], last[2]);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""

Answer = Callable[[Route], None]
Visit = Callable[..., Page]


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visit]:
    """Open a page whose <main> holds the given HTML; `answer` answers what it posts."""
    contexts = []

    def visit(body: str = TEXT, answer: Answer | None = None, width: int = 1280) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 800})
        contexts.append(context)
        page = context.new_page()
        page.route(f"{ORIGIN}/**", lambda route: _serve(route, body, answer))
        page.goto(ORIGIN + "/")
        return page

    yield visit
    for context in contexts:
        context.close()


def _serve(route: Route, body: str, answer: Answer | None) -> None:
    path = route.request.url.removeprefix(ORIGIN)
    if route.request.method == "POST" and answer:
        answer(route)
    elif path.startswith("/static/"):
        route.fulfill(path=BUILD / path.removeprefix("/static/"))
    else:
        route.fulfill(body=_html(body), content_type="text/html; charset=utf-8")


def _html(body: str) -> str:
    manifest = json.loads((BUILD / "manifest.json").read_text())
    return (
        "<!doctype html><html lang=id data-offline='Tidak ada sambungan'><title>x</title>"
        f"<link rel=stylesheet href='/static/{manifest['app.css']}'>"
        f"<script type=module src='/static/{manifest['app.js']}'></script>"
        f"<main id=utama><div id=pesan></div>{body}</main>"
    )


def _quoted(page: Page) -> dict[str, str]:
    fields: dict[str, str] = page.evaluate(
        "Object.fromEntries(new FormData(document.querySelector('#comment-dialog form')))"
    )
    return fields


def test_selected_words_become_the_quote_of_the_deepest_section(visit: Visit) -> None:
    page = visit()
    page.evaluate(SELECT, ["masa\u00a0kerja tiga", "tahun"])
    page.click("[data-mode=comment]")
    fields = _quoted(page)
    assert fields["section"] == "h1"
    assert fields["exact"] == "masa kerja tiga tahun"
    assert fields["prefix"].endswith("a. memiliki ")
    assert fields["suffix"].startswith(";")
    assert fields["replacement"] == ""
    expect(page.locator("[data-place]")).to_have_text("Pasal 12 ayat (1) huruf a")
    expect(page.get_by_label("masukan")).to_be_focused()


def test_words_over_two_items_belong_to_what_holds_both(visit: Visit) -> None:
    page = visit()
    page.evaluate(SELECT, ["tahun;", "tidak dihukum"])
    page.click("[data-mode=suggestion]")
    fields = _quoted(page)
    assert fields["section"] == "a1"
    assert fields["exact"] == "tahun; b. tidak dihukum"
    assert fields["replacement"] == fields["exact"]


def test_a_comment_is_swapped_in_without_a_reload(visit: Visit) -> None:
    sent: list[dict[str, list[str]]] = []

    def answer(route: Route) -> None:
        assert route.request.headers["x-fragment"] == "1"
        sent.append(parse_qs(route.request.post_data or ""))
        route.fulfill(body="<div id=naskah data-quotable>Terkirim</div>", content_type="text/html")

    page = visit(answer=answer)
    page.evaluate("window.untouched = true")
    page.evaluate(SELECT, ["tidak dihukum", "tidak dihukum"])
    page.click("[data-mode=comment]")
    page.get_by_label("masukan").fill("Perlu batas waktu.")
    page.get_by_role("button", name="Kirim").click()
    expect(page.locator("#naskah")).to_have_text("Terkirim")
    expect(page.locator("#comment-dialog")).to_be_hidden()
    assert page.evaluate("window.untouched")
    assert sent[0]["body"] == ["Perlu batas waktu."]
    page.reload()
    expect(page.get_by_label("masukan")).to_have_value("")


def test_a_refusal_is_said_and_the_words_stay(visit: Visit) -> None:
    refusal = "<main><h1>Putaran ditutup</h1></main>"
    page = visit(
        answer=lambda route: route.fulfill(status=409, body=refusal, content_type="text/html")
    )
    page.evaluate(SELECT, ["tidak dihukum", "tidak dihukum"])
    page.click("[data-mode=comment]")
    page.get_by_label("masukan").fill("Perlu batas waktu.")
    page.get_by_role("button", name="Kirim").click()
    expect(page.locator("dialog[open] .flash-error")).to_have_text("Putaran ditutup")
    expect(page.get_by_label("masukan")).to_have_value("Perlu batas waktu.")
    page.reload()
    expect(page.get_by_label("masukan")).to_have_value("Perlu batas waktu.")


def test_without_connection_the_words_stay(visit: Visit) -> None:
    page = visit(answer=lambda route: route.abort())
    page.keyboard.press("c")
    page.get_by_label("masukan").fill("Tunggu sebentar.")
    page.get_by_role("button", name="Kirim").click()
    expect(page.locator("dialog[open] .flash-error")).to_have_text("Tidak ada sambungan")
    expect(page.get_by_label("masukan")).to_have_value("Tunggu sebentar.")


def test_a_double_click_sends_once(visit: Visit) -> None:
    form = "<form method=post action=/publish><button>Terbitkan</button></form>"
    page = visit(form, answer=lambda route: route.fulfill(body="ok"))
    stopped = page.evaluate("""() => {
      const stopped = [];
      document.addEventListener("submit", (event) => stopped.push(event.defaultPrevented));
      const button = document.querySelector("button");
      button.click();
      button.click();
      return stopped;
    }""")
    assert stopped == [False, True]


def test_a_sheet_takes_the_focus_and_gives_it_back(visit: Visit) -> None:
    page = visit(width=390)
    page.click("#opener")
    expect(page.locator("#utas")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#utas")).to_be_hidden()
    expect(page.locator("#opener")).to_be_focused()


def test_keys_step_but_never_while_typing_and_can_be_switched_off(visit: Visit) -> None:
    page = visit()
    page.keyboard.press("j")
    expect(page.locator(".marked")).to_have_id("t1")
    page.keyboard.press("j")
    expect(page.locator(".marked")).to_have_id("t2")
    page.keyboard.press("k")
    page.keyboard.press("c")
    page.get_by_label("masukan").press_sequentially("jj?")
    expect(page.locator(".marked")).to_have_id("t1")
    expect(page.get_by_label("masukan")).to_have_value("jj?")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.get_by_label("pakai").uncheck()
    page.reload()
    page.keyboard.press("j")
    expect(page.locator(".marked")).to_have_count(0)
