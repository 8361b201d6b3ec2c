"""Working through contributions by keyboard, without the page being loaded again."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.consolidation.hall import Hall
from tests.people import PASSWORD


@pytest.fixture
def hall(app: Flask) -> Hall:
    hall = Hall(app)
    for label in ("Pasal 1", "Pasal 3", "Pasal 4"):
        hall.contribute(hall.neneng, label, f"Tentang {label}.")
    return hall


@pytest.fixture
def desk(hall: Hall, page: Page) -> Page:
    page.goto("/sign-in")
    page.fill("[name=email]", "ratna@kota.example")
    page.fill("[name=password]", PASSWORD)
    page.click("main form button")
    page.goto(hall.sheet)
    return page


def test_keys_move_open_and_decide(hall: Hall, desk: Page) -> None:
    desk.evaluate("window.stayed = true")
    for key in ("j", "j", "Enter"):
        desk.keyboard.press(key)
    panel = desk.locator(".dp")
    expect(panel.locator("h2")).to_have_text("Pasal 3")
    assert desk.evaluate("window.stayed")
    assert desk.url.endswith(hall.thread_id(2))
    expect(desk.locator(".row.marked .no")).to_have_text("2")
    desk.keyboard.press("3")
    expect(panel.locator("input[value=rejected]")).to_be_checked()
    panel.locator("textarea[name=reason]").fill("Anggaran terbatas.")
    panel.locator(".btn-1").click()
    expect(desk.locator(".dp h2")).to_have_text("Pasal 4")
    assert hall.waiting() == 2


def test_a_short_contribution_is_read_without_opening_it(hall: Hall, desk: Page) -> None:
    words = "Masa kerja mohon dihitung sejak pengangkatan pertama, karena perjanjian berganti."
    hall.contribute(hall.neneng, "Pasal 1", f"{words} Kami menunggu.")
    desk.reload()
    row = desk.locator(".row .x").filter(has_text=words)
    assert row.evaluate("link => link.scrollHeight <= link.clientHeight + 1")


def test_what_is_typed_is_shown_as_changes(hall: Hall, desk: Page) -> None:
    desk.goto(f"{hall.sheet}/{hall.thread_id(1)}")
    preview = desk.locator("#wording-preview")
    expect(preview).to_be_hidden()
    words = "Setiap Pegawai ASN wajib mengikuti pengembangan kompetensi."
    desk.fill("textarea[name=wording]", words)
    expect(preview.locator("ins")).to_have_text("added: wajib ")
    expect(preview.locator("del")).to_have_text("deleted: berhak ")
    desk.fill("textarea[name=wording]", "")
    expect(preview).to_be_hidden()


def test_picked_rows_offer_to_be_gathered(hall: Hall, desk: Page) -> None:
    gather = desk.locator(".ws-pick button")
    expect(gather).to_be_hidden()
    for key in ("j", "x", "j", "x"):
        desk.keyboard.press(key)
    expect(gather).to_be_visible()
    desk.fill(".ws-pick input", "Sama saja")
    gather.click()
    expect(desk.locator(".dp-similar summary")).to_have_count(1)
    with hall.app.app_context():
        (item,) = hall.items()
        assert item.summary == "Sama saja"


def test_it_works_without_scripts(hall: Hall, open_page: OpenPage) -> None:
    page = open_page(javascript=False)
    page.goto("/sign-in")
    page.fill("[name=email]", "ratna@kota.example")
    page.fill("[name=password]", PASSWORD)
    page.click("main form button")
    page.goto(hall.sheet)
    page.locator(".row .x").first.click()
    page.locator(".dp input[value=accepted]").check()
    page.locator(".dp .btn-1").click()
    assert page.url.endswith(hall.thread_id(2))
    assert hall.waiting() == 2
