"""Before publishing, a drafter says where discussions will stand; and that is where they stand."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

from policyforum.commenting.faces import PlacementView
from policyforum.commenting.queries import placements_of
from tests.commenting.test_placing import NEXT
from tests.commenting.town import LAW, Town
from tests.people import Browser, hidden_fields

GONE = "jawaban memuat alasan secara tertulis"
"""Words of Pasal 2 ayat (3), which the next text does not have."""


@pytest.fixture
def neneng(town: Town) -> Browser:
    return town.person("neneng", "staff")


@pytest.fixture
def ahead(town: Town, neneng: Browser) -> Town:
    """Two discussions, of which one loses its words in the draft."""
    town.contribute(neneng, "Pasal 1", "Tetap.", exact="berhak mengikuti")
    town.contribute(neneng, "Pasal 2 ayat (3)", "Hilang.", exact=GONE)
    town.settle()
    _save(town, NEXT)
    return town


def test_every_discussion_is_listed_with_its_place_and_the_doubtful_apart(ahead: Town) -> None:
    every = _soup(ahead.drafter.get(_forecast(ahead))).select(".queue-item")
    assert len(every) == 2
    assert "Same place" in every[0].text
    assert "berhak mengikuti" in every[0].text
    states = [link["href"] for link in _soup(ahead.drafter.get(_forecast(ahead))).select(".f")]
    (lost,) = [path for path in states if "unplaced" in path or "doubtful" in path]
    (only,) = _soup(ahead.drafter.get(lost)).select(".queue-item")
    assert GONE in only.text
    assert only.select_one(".acts a")["href"] == f"/threads/{ahead.thread_id(2)}/plan"


def test_the_place_a_drafter_chose_is_foreseen_and_published(ahead: Town) -> None:
    words = "wajib **memberikan waktu** kepada"
    assert _plan(ahead, 2, "Pasal 3 ayat (1)", words).status_code == 303
    shown = _soup(ahead.drafter.get(_forecast(ahead) + "?state=planned")).select_one(".queue-item")
    assert "Pasal 3 ayat (1)" in shown.text
    assert words in shown.text
    _publish(ahead)
    place = _placement(ahead, 2)
    assert place.section_label == "Pasal 3 ayat (1)"
    assert (place.state, place.cause, place.placed_by) == ("exact", "by_hand", "Ratna Dewi")
    with ahead.app.app_context():
        source = ahead.policy().current_revision.source
    start = source.index("(1) Kepala") + place.start
    assert source[start : start + place.end - place.start] == words


def test_a_sure_place_may_be_corrected_as_well(ahead: Town) -> None:
    _plan(ahead, 1, "Pasal 4")
    _publish(ahead)
    place = _placement(ahead, 1)
    assert (place.section_label, place.start) == ("Pasal 4", None)


def test_the_words_may_be_said_to_be_gone(ahead: Town) -> None:
    _plan(ahead, 2, "Pasal 1", **{"as": "gone"})
    _publish(ahead)
    place = _placement(ahead, 2)
    assert (place.state, place.cause) == ("unplaced", "confirmed_gone")
    assert not _soup(ahead.drafter.get(f"/policies/{ahead.slug}/placements")).select(".queue-item")


def test_it_can_be_left_to_the_program_again(ahead: Town) -> None:
    _plan(ahead, 1, "Pasal 4")
    path = f"/threads/{ahead.thread_id(1)}/plan"
    ahead.drafter.post(path, {"as": "recognised"})
    _publish(ahead)
    assert _placement(ahead, 1).section_label == "Pasal 1"


def test_passages_like_it_are_proposed_and_taken_with_a_button(town: Town, neneng: Browser) -> None:
    town.contribute(neneng, "Pasal 3", "Biaya?", exact="dibebankan pada anggaran Perangkat Daerah")
    town.settle()
    rewritten = "Anggaran Perangkat Daerah memuat biaya, dibebankan tiap tahun."
    _save(town, re.sub(r"Biaya pengembangan.*", rewritten, NEXT))
    path = f"/threads/{town.thread_id(1)}/plan"
    page = _soup(town.drafter.get(path))
    first = page.select_one(".candidates li")
    assert "Pasal 2" in first.select_one(".th-loc").text
    fields = {field["name"]: field["value"] for field in first.select("input")}
    assert town.drafter.client.post(path, data=fields).status_code == 303
    _publish(town)
    assert _placement(town, 1).section_label == "Pasal 2"


def test_a_plan_goes_along_when_the_draft_is_written_on(ahead: Town) -> None:
    _plan(ahead, 2, "Pasal 3 ayat (1)", "wajib **memberikan waktu**")
    _save(ahead, NEXT.replace("BAB I\n", "BAB I\n\nPasal 0\n\nTujuan.\n\nBAB II\n", 1))
    _publish(ahead)
    assert _placement(ahead, 2).section_label == "Pasal 3 ayat (1)"


def test_a_plan_whose_words_are_gone_again_does_not_count(ahead: Town) -> None:
    _plan(ahead, 1, "Pasal 4", "mulai berlaku")
    _save(ahead, NEXT.replace("mulai berlaku", "dijalankan"))
    assert "Chosen by a drafter" not in ahead.drafter.get(_forecast(ahead)).get_data(as_text=True)
    _publish(ahead)
    place = _placement(ahead, 1)
    assert (place.section_label, place.placed_by) == ("Pasal 1", "")


def test_what_is_not_in_the_draft_is_refused(ahead: Town) -> None:
    answer = _plan(ahead, 2, "Pasal 1", "tidak ada di sana")
    assert answer.status_code == 422
    assert "These words do not occur in this section." in answer.get_data(as_text=True)
    path = f"/threads/{ahead.thread_id(2)}/plan"
    for section in ("999", "", "x"):
        refused = ahead.drafter.post(path, {"section": section, "exact": ""})
        assert refused.status_code == 422


def test_a_plan_for_a_draft_that_was_saved_meanwhile_is_refused(ahead: Town) -> None:
    path = f"/threads/{ahead.thread_id(2)}/plan"
    page = ahead.drafter.get(path).get_data(as_text=True)
    fields = {
        field["name"]: field["value"] for field in _soup(page).select("form.form [type=hidden]")
    }
    _save(ahead, NEXT + "Tambahan.\n")
    answer = ahead.drafter.client.post(path, data={**fields, "section": "1", "exact": ""})
    assert answer.status_code == 409
    fresh = {
        field["name"]: field["value"]
        for field in _soup(answer.get_data(as_text=True)).select("form.form [type=hidden]")
    }
    again = ahead.drafter.client.post(path, data={**fresh, "section": "1", "exact": ""})
    assert again.status_code == 303


def test_a_discussion_withdrawn_meanwhile_is_left_alone(ahead: Town, neneng: Browser) -> None:
    _plan(ahead, 1, "Pasal 4")
    neneng.post(f"/comments/{ahead.comment_ids(1)[0]}/withdraw", page="/account/password")
    _publish(ahead)
    with ahead.app.app_context():
        assert len(placements_of(ahead.thread(1))) == 1


def test_where_a_section_comes_from_decides_where_its_discussions_go(
    town: Town, neneng: Browser
) -> None:
    town.contribute(neneng, "Pasal 1", "Seluruh pasal.")
    town.settle()
    other = "Wali Kota menetapkan daftar jabatan kritis beserta calon penggantinya setiap tahun."
    text = LAW.replace("Setiap Pegawai ASN berhak mengikuti pengembangan kompetensi.", other)
    _save(
        town,
        text.replace("Pasal 1\n", "Pasal 1\n\nIstilah dijelaskan dalam lampiran.\n\nPasal 1A\n", 1),
    )
    origins = _soup(town.drafter.get(f"/policies/{town.slug}/draft/origins?show=all"))
    (line,) = [one for one in origins.select(".origin-list li") if "Pasal 1A" in one.text]
    path = line.a["href"]
    listed = {radio["value"] for radio in _soup(town.drafter.get(path)).select("[name=origin]")}
    key = town.key("Pasal 1")
    chosen = {"origin": key} if key in listed else {"origin": "other", "other": key}
    assert town.drafter.post(path, chosen).status_code == 303
    shown = _soup(town.drafter.get(_forecast(town))).select_one(".queue-item")
    assert "Pasal 1A" in shown.text
    assert "Same place" in shown.text, "all of it was rewritten, but who knows said that it goes on"
    _publish(town)
    place = _placement(town, 1)
    assert (place.section_label, place.state, place.score) == ("Pasal 1A", "exact", 1.0)
    assert not _soup(town.drafter.get(f"/policies/{town.slug}/placements")).select(".queue-item")


def test_only_drafters_say_where_discussions_will_stand(ahead: Town, neneng: Browser) -> None:
    path = f"/threads/{ahead.thread_id(1)}/plan"
    assert neneng.get(path).status_code == 403
    assert neneng.post(path, {"as": "gone"}, page="/account/password").status_code == 403


def _forecast(town: Town) -> str:
    return f"/policies/{town.slug}/draft/forecast"


def _plan(town: Town, number: int, label: str, exact: str = "", **more: str) -> TestResponse:
    """Choose a section of the draft by its label, and words in it, on the discussion's page."""
    path = f"/threads/{town.thread_id(number)}/plan"
    options = _soup(town.drafter.get(path)).select("#section option")
    (section,) = [one["value"] for one in options if one.text == label]
    page = town.drafter.get(path).get_data(as_text=True)
    (form,) = _soup(page).select("form.form")
    fields = {field["name"]: field["value"] for field in form.select("[type=hidden]")}
    data = {**fields, "section": section, "exact": exact, **more}
    return town.drafter.client.post(path, data=data)


def _save(town: Town, source: str) -> None:
    page = town.drafter.get(f"/policies/{town.slug}/draft").get_data(as_text=True)
    version = _soup(page).select_one("form#draft input[name=version]")["value"]
    form = {**hidden_fields(page), "source": source, "version": version}
    assert town.drafter.client.post(f"/policies/{town.slug}/draft", data=form).status_code == 303


def _publish(town: Town) -> None:
    town.publish(None)


def _placement(town: Town, number: int) -> PlacementView:
    with town.app.app_context():
        return placements_of(town.thread(number))[-1]


def _soup(answer: TestResponse | str) -> BeautifulSoup:
    text = answer if isinstance(answer, str) else answer.get_data(as_text=True)
    return BeautifulSoup(text, "html.parser")
