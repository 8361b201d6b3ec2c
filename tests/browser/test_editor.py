"""The drafter's desk with scripts: saving while typing, merging, working without a connection."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import DESK, PHONE, OpenPage, axe_faults
from tests.drafting.desk import Desk
from tests.people import PASSWORD, make_person

RATNA, BAYU = "ratna@kota.example", "bayu@kota.example"


@pytest.fixture
def slug(app: Flask, live_server: str) -> str:
    """A policy with one revision, which Ratna and Bayu draft."""
    make_person(app, RATNA, "drafter", name="Ratna")
    make_person(app, BAYU, "drafter", name="Bayu")
    desk = Desk(app, RATNA)
    slug = desk.start()
    desk.publish(slug)
    return slug


def test_what_is_typed_is_saved_by_itself(app: Flask, page: Page, slug: str) -> None:
    _open_draft(page, RATNA, slug)
    _type_at_end(page, "Tambahan dari layar.")
    expect(page.locator("#draft input[name=version]")).to_have_value("3")
    assert "Tambahan dari layar." in _stored(app, slug)
    expect(page.locator("[data-pane=structure]")).to_be_visible()


def test_two_people_see_each_others_words(app: Flask, open_page: OpenPage, slug: str) -> None:
    ratna, bayu = open_page(), open_page()
    _open_draft(ratna, RATNA, slug)
    _open_draft(bayu, BAYU, slug)
    _type_at_end(ratna, "Dari Ratna.")
    expect(ratna.locator("#draft input[name=version]")).to_have_value("3")
    _type_at_start(bayu, "Dari Bayu. ")
    expect(bayu.locator("#draft input[name=version]")).to_have_value("4")
    expect(bayu.locator("[data-notices]")).to_contain_text("Ratna")
    assert "Dari Ratna." in bayu.locator(".cm-content").inner_text()
    assert _stored(app, slug).startswith("Dari Bayu. ")
    assert "Dari Ratna." in _stored(app, slug)


def test_the_same_words_twice_lead_to_both_wordings(
    app: Flask, open_page: OpenPage, slug: str
) -> None:
    ratna, bayu = open_page(), open_page()
    _open_draft(ratna, RATNA, slug)
    _open_draft(bayu, BAYU, slug)
    _type_at_end(ratna, "Satu")
    expect(ratna.locator("#draft input[name=version]")).to_have_value("3")
    _type_at_end(bayu, "Dua")
    bayu.locator("[data-notices] button").click()
    expect(bayu.locator(".conflict")).to_be_visible()
    assert axe_faults(bayu) == []
    bayu.locator("[data-ours]").click()
    expect(bayu.locator("#source")).to_have_value(re.compile("\nSatu$"))
    bayu.locator("form[data-conflicts] .btn-1").click()
    expect(bayu.locator(".cm-content")).to_contain_text("diundangkan.Satu")


def test_without_a_connection_the_text_waits(app: Flask, page: Page, slug: str) -> None:
    _open_draft(page, RATNA, slug)
    page.context.set_offline(True)
    _type_at_start(page, "Tanpa sambungan. ")
    expect(page.locator("[data-state][data-is=failed]")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("#draft input[name=version]")).to_have_value("3")
    assert _stored(app, slug).startswith("Tanpa sambungan. ")


def test_text_that_was_never_saved_is_offered_again(page: Page, slug: str) -> None:
    _open_draft(page, RATNA, slug)
    page.context.set_offline(True)
    _type_at_start(page, "Hampir hilang. ")
    expect(page.locator("[data-state][data-is=failed]")).to_be_visible()
    page.route("**/draft", _refuse_posts)
    page.context.set_offline(False)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"/policies/{slug}/draft")
    page.unroute("**/draft", _refuse_posts)
    page.locator("[data-notices] button").first.click()
    expect(page.locator("#draft input[name=version]")).to_have_value("3")
    expect(page.locator(".cm-content")).to_contain_text("Hampir hilang.")


def test_the_preview_follows_the_text(page: Page, slug: str) -> None:
    _open_draft(page, RATNA, slug)
    page.locator("[data-side=preview]").click()
    expect(page.locator(".side-preview .num")).to_have_count(3)
    _type_at_end(page, "Pasal 4\n\nKetentuan lain diatur kemudian.\n")
    expect(page.locator(".side-preview .num")).to_have_count(4)


def test_one_text_at_a_time_is_looked_at_and_then_the_newest(page: Page, slug: str) -> None:
    """A long draft takes seconds, and the server would work on all that were sent."""
    _open_draft(page, RATNA, slug)
    asked: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route)

    page.route("**/draft/preview", hold)
    for number in (5, 6, 7):
        _type_at_end(page, f"\n\nPasal {number}\n\nKetentuan.\n")
        page.wait_for_timeout(1200)
    assert len(asked) == 1
    with page.expect_request("**/draft/preview"):
        asked[0].continue_()
    articles = page.locator("[data-pane=structure]")
    expect(articles).not_to_contain_text("Pasal 5")
    asked[1].continue_()
    expect(articles).to_contain_text("Pasal 7")
    assert len(asked) == 2


def test_a_button_corrects_the_text_and_it_can_be_undone(app: Flask, page: Page, slug: str) -> None:
    _open_draft(page, RATNA, slug)
    _type_at_end(page, "\n\nPasal 4\n\nPaling lama 30 hari atau 7 hari.\n")
    buttons = page.locator(".issues button[name=fix]")
    expect(buttons).to_have_count(2)
    buttons.first.click()
    expect(page.locator(".cm-content")).to_contain_text("30 (tiga puluh) hari atau 7 hari")
    expect(page.locator("[data-said]")).to_contain_text("Baris")
    expect(buttons).to_have_count(1)
    expect(buttons.first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".cm-content")).to_contain_text("(tiga puluh) hari atau 7 (tujuh) hari")
    expect(buttons).to_have_count(0)
    page.locator("[data-said] button").click()
    expect(page.locator(".cm-content")).to_contain_text("30 (tiga puluh) hari atau 7 hari")
    expect(page.locator("#draft input[name=version]")).to_have_value(re.compile("[3-9]"))
    page.locator("[data-state][data-is='']").filter(has_text="Tersimpan").wait_for()
    assert "30 (tiga puluh) hari atau 7 hari." in _stored(app, slug)


def test_what_is_typed_while_a_correction_is_on_its_way_is_kept(page: Page, slug: str) -> None:
    _open_draft(page, RATNA, slug)
    _type_at_end(page, "\n\nPasal 4\n\nPaling lama 30 hari.\n")
    button = page.locator(".issues button[name=fix]")
    expect(button).to_have_count(1)
    asked: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route)

    page.route("**/draft/fix", hold, times=1)
    button.click()
    page.wait_for_timeout(100)
    _type_at_start(page, "Diketik. ")
    asked[0].continue_()
    expect(page.locator(".cm-content")).to_contain_text("30 (tiga puluh) hari")
    expect(page.locator(".cm-content")).to_contain_text("Diketik. BAB I")


def test_a_correction_without_a_connection_says_so(page: Page, slug: str) -> None:
    _open_draft(page, RATNA, slug)
    _type_at_end(page, "\n\nPasal 4\n\nPaling lama 30 hari.\n")
    button = page.locator(".issues button[name=fix]")
    expect(button).to_have_count(1)
    page.context.set_offline(True)
    button.click()
    expect(page.locator("[data-said]")).not_to_be_empty()
    page.context.set_offline(False)
    button.click()
    expect(page.locator(".cm-content")).to_contain_text("30 (tiga puluh) hari")


def test_without_scripts_a_button_corrects_what_was_typed(open_page: OpenPage, slug: str) -> None:
    page = open_page(javascript=False)
    _sign_in(page, RATNA)
    page.goto(f"/policies/{slug}/draft")
    field = page.locator("#source")
    field.fill(field.input_value() + "\nPasal 4\n\nPaling lama 30 hari.\n")
    page.locator("button[data-no-script]").click()
    page.locator(".issues button[name=fix]").click()
    expect(page.locator("#corrected")).to_be_in_viewport()
    expect(field).to_have_value(re.compile(r"30 \(tiga puluh\) hari\.\n$"))
    page.locator(".desk-bar .btn").last.click()
    expect(field).to_have_value(re.compile(r"30 \(tiga puluh\) hari\.\n$"))
    expect(page.locator(".issues")).to_have_count(0)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_pages_of_drafting_are_accessible(
    open_page: OpenPage, slug: str, size: tuple[int, int]
) -> None:
    page = open_page(size, dark=size == DESK)
    _sign_in(page, RATNA)
    for path in (
        "/policies/new",
        f"/policies/{slug}/draft",
        f"/policies/{slug}/draft/saves",
        f"/policies/{slug}/draft/saves/1",
        f"/policies/{slug}/publish",
        f"/policies/{slug}/settings",
        f"/policies/{slug}/revisions/1/round",
    ):
        page.goto(path)
        assert axe_faults(page) == [], path
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, path


def _refuse_posts(route: Route) -> None:
    if route.request.method == "POST":
        route.abort()
    else:
        route.continue_()


def _sign_in(page: Page, email: str) -> None:
    page.goto("/sign-in")
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    with page.expect_navigation():
        page.press("#password", "Enter")


def _open_draft(page: Page, email: str, slug: str) -> None:
    _sign_in(page, email)
    page.goto(f"/policies/{slug}/draft")
    expect(page.locator(".cm-content")).to_be_visible()


def _type_at_start(page: Page, words: str) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+Home")
    page.keyboard.insert_text(words)


def _type_at_end(page: Page, words: str) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(words)


def _stored(app: Flask, slug: str) -> str:
    return Desk(app, RATNA).source(slug).decode()
