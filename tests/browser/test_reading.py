"""Reading and speaking on the page of a text, in a real browser."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, OpenPage
from tests.browser.people_at_work import SELECT
from tests.commenting.town import LAW
from tests.consolidation.hall import Hall
from tests.people import PASSWORD
from tests.reading.pages import REVISED

MARKED = """() => [...CSS.highlights.get("spoken-of")].map(range => range.toString())"""


@pytest.fixture
def hall(app: Flask) -> Hall:
    hall = Hall(app)
    hall.contribute(hall.neneng, "Pasal 2", "Lama.", exact="paling lambat tanggal 31 Maret")
    return hall


@pytest.fixture
def text(hall: Hall) -> str:
    return f"/policies/{hall.slug}/revisions/1"


def sign_in(page: Page, name: str = "asep") -> None:
    page.goto("/sign-in")
    page.fill("[name=email]", f"{name}@kota.example")
    page.fill("[name=password]", PASSWORD)
    page.click("main form button")
    page.wait_for_load_state()


def test_what_is_said_about_words_stands_beside_them_without_a_reload(
    page: Page, text: str
) -> None:
    sign_in(page)
    page.goto(text)
    page.evaluate("window.stayed = true")
    assert page.evaluate(MARKED) == ["paling lambat tanggal 31 Maret"]
    for words, said in (("berhak mengikuti", "Bagaimana PPPK?"), ("memuat alasan", "Baik.")):
        assert page.evaluate(SELECT, words)
        page.click("#selection-bar .pick-first")
        page.fill("#comment-dialog [name=body]", said)
        page.click("#comment-dialog .btn-1")
        expect(page.locator(".th.marked")).to_contain_text(said)
        expect(page.locator("#comment-dialog")).to_be_hidden()
        assert words in page.evaluate(MARKED)
    assert page.evaluate("window.stayed")
    expect(page.locator("[data-label='Pasal 1'] .th")).to_contain_text("Bagaimana PPPK?")
    expect(page.locator(".toc a", has_text="Ketentuan umum")).to_contain_text("3")


def test_a_text_before_the_reader_for_a_while_counts_as_read(
    page: Page, hall: Hall, text: str
) -> None:
    sign_in(page)
    page.clock.install()
    page.goto(text)
    with page.expect_response("**/read") as noted:
        page.clock.fast_forward(31_000)
    assert noted.value.status == 204
    hall.settle()
    hall.publish(REVISED)
    hall.publish(LAW)
    page.goto(f"/policies/{hall.slug}/changes/2..3")
    page.click(".since-read")
    expect(page).to_have_url(re.compile(r"/changes/1\.\.3$"))


def test_side_by_side_each_change_is_shown_once_where_there_is_room_for_one(
    open_page: OpenPage, hall: Hall
) -> None:
    hall.settle()
    hall.publish(REVISED)
    shown = {}
    for size in (DESK, PHONE):
        page = open_page(size)
        page.goto(f"/policies/{hall.slug}/changes/1..2?view=side")
        shown[size] = page.locator("#naskah").inner_text()
    assert shown[DESK].count("Usul disampaikan") == 2
    assert shown[PHONE].count("Usul disampaikan") == 1
    assert "31 Maret" in shown[PHONE]
    assert "30 April" in shown[PHONE]


def test_words_not_sent_yet_are_there_for_whoever_typed_them_and_nobody_else(
    page: Page, hall: Hall, text: str
) -> None:
    compose = f"{text}/threads/new"
    body = page.locator("main [name=body]")
    sign_in(page, "neneng")
    page.goto(compose)
    body.fill("Belum untuk siapa pun.")
    page.reload()
    expect(body).to_have_value("Belum untuk siapa pun.")
    page.context.clear_cookies()
    sign_in(page, "asep")
    page.goto(compose)
    expect(body).to_have_value("")
    body.fill("Milik Asep.")
    page.locator(".me summary").click()
    page.click(".me form[action='/sign-out'] button")
    page.wait_for_load_state()
    sign_in(page, "asep")
    page.goto(compose)
    expect(body).to_have_value("")


def test_the_contents_follow_the_reader(open_page: OpenPage, text: str) -> None:
    page = open_page((1280, 400))
    page.goto(text)
    page.locator("[data-label='Pasal 4']").evaluate("it => it.scrollIntoView()")
    expect(page.locator(".toc a[aria-current]")).to_have_count(1)
    expect(page.locator(".toc li.on")).to_contain_text("Penutup")


def test_on_a_phone_the_discussion_opens_without_scripts(open_page: OpenPage, text: str) -> None:
    phone = open_page(PHONE, javascript=False)
    phone.goto(text)
    article = phone.locator("[data-label='Pasal 2']")
    expect(article.locator(".threads")).to_be_hidden()
    article.locator(".voice").click()
    expect(article.locator(".threads")).to_be_visible()
    expect(article.locator(".threads")).to_contain_text("Lama.")
    article.locator(".sheet-h a").click()
    expect(article.locator(".threads")).to_be_hidden()


def test_on_a_phone_what_one_has_said_comes_into_view(open_page: OpenPage, text: str) -> None:
    phone = open_page(PHONE)
    sign_in(phone)
    phone.goto(text)
    assert phone.evaluate(SELECT, "memuat alasan")
    phone.click("#selection-bar .pick-first")
    phone.fill("#comment-dialog [name=body]", "Dari ponsel.")
    phone.click("#comment-dialog .btn-1")
    expect(phone.locator(".th.marked")).to_be_visible()
    expect(phone.locator(".th.marked")).to_contain_text("Dari ponsel.")


def test_keys_jump_from_change_to_change(hall: Hall, page: Page) -> None:
    hall.settle()
    hall.publish(REVISED)
    page.goto(f"/policies/{hall.slug}/changes/1..2")
    page.keyboard.press("j")
    first = page.locator("#naskah [data-step]").first
    expect(first).to_have_class("pasal marked")
    expect(first).to_be_focused()


def test_agreeing_is_shown_at_once_and_keeps_the_focus(page: Page, text: str) -> None:
    sign_in(page)
    page.goto(text)
    page.evaluate("window.stayed = true")
    agree, object_to = (page.locator(f".th .acts button >> nth={place}") for place in (0, 1))
    agree.focus()
    page.keyboard.press("Enter")
    expect(agree).to_have_attribute("aria-pressed", "true")
    expect(agree).to_be_focused()
    object_to.focus()
    page.keyboard.press("Enter")
    expect(object_to).to_have_attribute("aria-pressed", "true")
    expect(agree).to_have_attribute("aria-pressed", "false")
    expect(object_to).to_be_focused()
    assert page.evaluate("window.stayed")
