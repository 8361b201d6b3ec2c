"""What stands around every page: the menu, and how it holds when the data store does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyforum.app import create_app
from tests.conftest import make_config
from tests.consolidation.hall import Hall, page_of
from tests.people import Browser
from tests.reading.pages import see, words

NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"


def menu(browser: Browser, path: str = "/") -> list[str]:
    return [words(link) for link in see(browser, path).select(".main-nav a")]


def test_the_menu_is_for_the_person(hall: Hall) -> None:
    assert menu(Browser(hall.app)) == ["Beranda", "Kebijakan"]
    assert menu(hall.neneng) == ["Home", "Policies", "My comments", "Inbox"]
    assert menu(hall.drafter)[-1] == "New policy"
    assert menu(hall.person("admin", "admin"))[-1] == "Administration"


def test_the_menu_says_where_one_is_and_what_waits(hall: Hall) -> None:
    hall.contribute(hall.neneng, "Pasal 1", "Satu.")
    hall.reply(hall.asep, "Dua.")
    page = see(hall.neneng, f"/policies/{hall.slug}/revisions/1")
    assert words(page.select_one(".main-nav [aria-current]")) == "Policies"
    assert "Inbox 1" in [words(link) for link in page.select(".main-nav a")]


def test_the_tabs_are_those_one_may_open(hall: Hall) -> None:
    for browser in (Browser(hall.app), hall.neneng, hall.drafter, hall.person("agus", "auditor")):
        page = see(browser, f"/policies/{hall.slug}/history")
        for tab in page.select(".tabs a"):
            assert browser.get(str(tab["href"])).status_code == 200, tab


@pytest.mark.parametrize(
    "sent_to, read_at",
    [("draft/preview", "draft"), ("draft/fix", "draft"), ("draft?a=b", "draft?a=b")],
)
def test_the_language_of_a_page_that_was_sent_for_leads_back(
    hall: Hall, sent_to: str, read_at: str
) -> None:
    policy = f"/policies/{hall.slug}"
    draft = f"{policy}/draft"
    page = page_of(hall.drafter.post(f"{policy}/{sent_to}", {"source": "\x00"}, page=draft))
    form = page.select_one("form.language")
    assert form is not None
    fields = {field["name"]: field["value"] for field in form.select("input")}
    answer = hall.drafter.client.post("/language", data=fields)
    assert answer.location == f"{policy}/{read_at}"


@pytest.mark.one_engine
def test_pages_stand_when_the_data_store_does_not_answer(tmp_path: Path) -> None:
    client = create_app(make_config(NOWHERE, tmp_path)).test_client()
    assert client.get("/help").status_code == 200
    answer = client.get("/")
    assert answer.status_code == 503
    assert page_of(answer).select_one(".main-nav") is not None
    assert client.get("/nowhere").status_code == 404
