"""Doubts about a text that a button settles: in what was typed, and only there."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.test import TestResponse

from tests.drafting.desk import LAW, Desk, soup_of
from tests.people import make_token

DAYS = "##### Pasal 1\n\nPaling lama 30 hari.\n\n##### Pasal 2\n\nPaling lama 7 (enam) hari.\n"
CITING = LAW.replace("Peraturan ini", "Ketentuan Pasal 2, Pasal 2 ayat (1), dan Peraturan ini")


def test_a_doubt_with_a_safe_fix_has_a_button_that_corrects_the_typed_text(desk: Desk) -> None:
    slug = desk.start()
    page = soup_of(_fix(desk, slug, DAYS, "30 (tiga puluh)"))
    assert _typed(page) == DAYS.replace("30 hari", "30 (tiga puluh) hari")
    told = page.select_one("#corrected")
    assert "Line 3 is corrected." in told.text
    assert told.select_one("del").text.endswith("30")
    assert told.select_one("ins").text.endswith("30 (tiga puluh)")
    assert len(_buttons(page)) == 1, "the other doubt is still there"
    assert page.select_one("[data-state]").text == "Unsaved changes"


def test_a_correction_saves_nothing_until_the_drafter_does(desk: Desk) -> None:
    slug = desk.start(source=DAYS)
    page = soup_of(_fix(desk, slug, DAYS, "7"))
    assert desk.source(slug).decode() == DAYS
    assert desk.version(slug) == 1
    desk.save(slug, _typed(page), 1)
    assert "7 (tujuh) hari" in desk.source(slug).decode()
    desk.post(f"/policies/{slug}/draft/saves/1/restore", {}, page=f"/policies/{slug}/draft/saves/1")
    assert desk.source(slug).decode() == DAYS


def test_what_was_typed_elsewhere_meanwhile_does_not_matter(desk: Desk) -> None:
    slug = desk.start()
    name = _button(soup_of(_preview(desk, slug, DAYS)), "7")["value"]
    typed = "##### Pasal 0\n\nBaru, dan cukup jauh dari yang lain.\n\n" + DAYS
    assert "7 (tujuh) hari" in _typed(soup_of(_send(desk, slug, typed, name)))


def test_words_that_changed_since_are_not_corrected(desk: Desk) -> None:
    slug = desk.start()
    name = _button(soup_of(_preview(desk, slug, DAYS)), "30")["value"]
    typed = DAYS.replace("30 hari", "60 hari")
    answer = _send(desk, slug, typed, name)
    page = soup_of(answer)
    assert answer.status_code == 409
    assert "nothing was corrected" in page.select_one(".error-summary").text
    assert _typed(page) == typed
    assert "60 (enam puluh)" in page.select_one(".issues").text, "the list is fresh"


@pytest.mark.parametrize("name", ["", "x", "0" * 16 + "-1-1", "<b>", "\x00", "é" * 5000])
def test_a_name_nobody_gave_corrects_nothing(desk: Desk, name: str) -> None:
    slug = desk.start()
    answer = _send(desk, slug, DAYS, name)
    assert answer.status_code == 409
    assert _typed(soup_of(answer)) == DAYS


def test_of_the_same_words_twice_the_one_beside_the_button_is_corrected(desk: Desk) -> None:
    line = "(1) Permohonan diajukan kepada pejabat yang berwenang paling lama 30 hari sebelum cuti."
    article = (
        "##### Pasal {}\n\n"
        + line
        + "\n\n(2) Permohonan ditolak secara tertulis dengan alasan.\n\n"
    )
    source = "".join(article.format(number) for number in (1, 2, 3))
    desk_slug = desk.start()
    buttons = _buttons(soup_of(_preview(desk, desk_slug, source)))
    assert len(buttons) == 3
    text = _typed(soup_of(_send(desk, desk_slug, source, buttons[1]["value"])))
    assert [part.count("(tiga puluh)") for part in text.split("##### ")[1:]] == [0, 1, 0]


def test_line_ends_of_a_browser_are_no_change(desk: Desk) -> None:
    slug = desk.start(source=DAYS.replace("\n", "\r\n").encode())
    button = _button(soup_of(desk.get(f"/policies/{slug}/draft")), "30")
    answer = _send(desk, slug, DAYS.replace("\n", "\r\n"), button["value"])
    assert "30 (tiga puluh) hari" in _typed(soup_of(answer))
    desk.save(slug, _typed(soup_of(answer)), 1)
    assert desk.source(slug).decode() == DAYS.replace("30", "30 (tiga puluh)").replace("\n", "\r\n")


def test_citations_are_corrected_one_by_one_or_all_together(desk: Desk) -> None:
    slug, renumbered = _renumbered(desk)
    page = soup_of(_preview(desk, slug, renumbered))
    listed = page.select_one(".issues-group")
    assert "2 citations point elsewhere" in listed.h3.text
    one = soup_of(_send(desk, slug, renumbered, listed.select(".issues button")[0]["value"]))
    assert "Ketentuan Pasal 3, Pasal 2 ayat (1)," in _typed(one)
    both = soup_of(
        _send(desk, slug, renumbered, listed.select_one(".issues-group > button")["value"])
    )
    assert "2 places are corrected." in both.select_one("#corrected").text
    assert "Ketentuan Pasal 3, Pasal 3 ayat (1)," in _typed(both)
    assert both.select_one(".issues-group") is None


def test_all_citations_are_corrected_only_while_they_are_the_ones_that_were_shown(
    desk: Desk,
) -> None:
    slug, renumbered = _renumbered(desk)
    every = soup_of(_preview(desk, slug, renumbered)).select_one(".issues-group > button")
    typed = renumbered.replace("Ketentuan Pasal 2, ", "Ketentuan ")
    answer = _send(desk, slug, typed, every["value"])
    assert answer.status_code == 409
    assert _typed(soup_of(answer)) == typed


def test_a_citation_of_what_was_removed_is_told_once_and_has_no_button(desk: Desk) -> None:
    slug = desk.start(source=LAW.replace("kompetensi.\n", "kompetensi menurut Pasal 3.\n", 1))
    desk.publish(slug)
    text = desk.source(slug).decode()
    page = soup_of(_preview(desk, slug, text[: text.index("BAB II")]))
    (told,) = page.select(".issues li")
    assert "“Pasal 3” cites a provision that was removed." in told.text
    assert not page.select("button[name=fix]")


def test_a_script_gets_the_text_and_a_sentence(desk: Desk) -> None:
    slug = desk.start()
    name = _button(soup_of(_preview(desk, slug, DAYS)), "30")["value"]
    answer = _send(desk, slug, DAYS, name, json=True)
    assert answer.json["source"] == DAYS.replace("30", "30 (tiga puluh)")
    assert answer.json["message"] == "Line 3 is corrected."
    late = _send(desk, slug, "kosong", name, json=True)
    assert late.status_code == 409
    assert "nothing was corrected" in late.json["message"]


def test_hostile_words_stay_words(desk: Desk) -> None:
    hostile = DAYS.replace("hari.", 'hari <img src=x onerror="alert(1)"></textarea><b>.')
    slug = desk.start(source=hostile)
    page = soup_of(_fix(desk, slug, hostile, "30"))
    assert "</textarea><b>" in _typed(page)
    assert page.select_one("main img") is None
    assert page.select_one("#corrected b").text == "Line 3 is corrected."


def test_programs_are_told_the_fix_and_the_citations(app: Flask, desk: Desk) -> None:
    slug, renumbered = _renumbered(desk)
    desk.save(slug, renumbered, 2)
    token = {"Authorization": f"Bearer {make_token(app, 'ratna@kota.example')}"}
    draft = app.test_client().get(f"/api/v1/policies/{slug}/draft", headers=token).json
    found = [issue for issue in draft["issues"] if issue["code"] == "reference_renumbered"]
    cited = [draft["source"][one["fix"]["start"] : one["fix"]["end"]] for one in found]
    assert cited == ["Pasal 2", "Pasal 2 ayat (1)"]
    assert [one["fix"]["words"] for one in found] == ["Pasal 3", "Pasal 3 ayat (1)"]


def _renumbered(desk: Desk) -> tuple[str, str]:
    """A published policy, and a text of it in which a new article moved the others on."""
    slug = desk.start(source=CITING)
    desk.publish(slug)
    changed = CITING.replace("Pasal 3\n", "Pasal 4\n").replace("Pasal 2\n", "Pasal 3\n")
    return slug, changed.replace("Pasal 1\n\n", "Pasal 1\n\nIstilah diatur di sini.\n\nPasal 2\n\n")


def _fix(desk: Desk, slug: str, source: str, words: str) -> TestResponse:
    """Type a text, and press the button of the doubt that names these words."""
    return _send(desk, slug, source, _button(soup_of(_preview(desk, slug, source)), words)["value"])


def _send(desk: Desk, slug: str, source: str, name: str, *, json: bool = False) -> TestResponse:
    page = soup_of(desk.get(f"/policies/{slug}/draft"))
    fields = {field["name"]: field["value"] for field in page.select("form#draft input")}
    headers = {"Accept": "application/json"} if json else {}
    return desk.client.post(
        f"/policies/{slug}/draft/fix",
        data={**fields, "source": source, "fix": name},
        headers=headers,
    )


def _preview(desk: Desk, slug: str, source: str) -> TestResponse:
    fields: dict[str, Any] = {"source": source, "version": "1"}
    return desk.post(f"/policies/{slug}/draft/preview", fields, page=f"/policies/{slug}/draft")


def _buttons(page: BeautifulSoup) -> list[Tag]:
    return page.select(".issues button[name=fix][form=draft]")


def _button(page: BeautifulSoup, words: str) -> Tag:
    (found,) = [button for button in _buttons(page) if f"“{words}" in button.find_parent("li").text]
    return found


def _typed(page: BeautifulSoup) -> str:
    """What the text field holds: the line end after the tag is not part of it."""
    text: str = page.select_one("#source").text
    return text.replace("\r\n", "\n").removeprefix("\n")
