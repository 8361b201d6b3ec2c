"""The page a revision is read on."""

from __future__ import annotations

from itertools import pairwise

import pytest
from flask import Flask

from policyforum.db.session import transaction
from policyforum.drafting.services import start_policy
from policyforum.policies.services import PolicyData
from tests.commenting.town import LAW, Town, now
from tests.consolidation.hall import Hall
from tests.people import Browser, make_person
from tests.reading.pages import REVISED, article, queries_of, see, text_of, words


def test_everybody_reads_the_text_with_its_numbers_beside_it(hall: Hall) -> None:
    page = text_of(hall, Browser(hall.app))
    second = article(page, "Pasal 2")
    assert words(second.select_one(".num")) == "Pasal 2"
    assert "(2) Usul disampaikan paling lambat tanggal 31 Maret" in words(second)
    assert second["id"] == f"s-{hall.key('Pasal 2')}"
    assert page.find(id=f"s-{hall.key('Pasal 2 ayat (2)')}") is not None
    assert words(page.select_one(".chap-title")) == "Ketentuan Umum"


def test_the_contents_lead_to_every_provision_and_count_what_is_said(hall: Hall) -> None:
    hall.contribute(hall.neneng, "Pasal 2 ayat (2)", "Terlalu cepat.")
    hall.reply(hall.asep, "Setuju.")
    page = text_of(hall, hall.neneng)
    contents = page.select_one("nav.toc")
    assert contents is not None
    for link in contents.select("li a"):
        assert page.find(id=str(link["href"]).removeprefix("#")) is not None
    chapters = [words(link) for link in contents.select(":scope > ol > li > a")]
    assert chapters == ["I Ketentuan umum 2 comments", "II Penutup –"]
    inner = [words(link) for link in contents.select("ol ol a")]
    assert inner[:2] == ["Pasal 1 –", "Pasal 2 2 comments"]


def test_discussions_stand_beside_their_provision(hall: Hall) -> None:
    hall.contribute(
        hall.neneng, "Pasal 2", "Terlalu cepat.", exact="paling lambat tanggal 31 Maret"
    )
    hall.contribute(hall.asep, None, "Naskah ini baik.")
    page = text_of(hall, Browser(hall.app))
    beside = article(page, "Pasal 2").select_one(".threads .th")
    assert beside is not None
    assert "Terlalu cepat." in words(beside)
    assert "Neneng" in words(beside)
    assert beside["data-words"] == "paling lambat tanggal 31 Maret"
    assert beside["data-on"] == hall.key("Pasal 2")
    assert "Naskah ini baik." in words(page.find(id="document"))
    assert "Naskah ini baik." not in words(article(page, "Pasal 1"))


def test_two_discussions_are_shown_and_the_way_to_the_others(hall: Hall) -> None:
    hall.many("neneng", 5)
    page = text_of(hall, hall.asep)
    beside = article(page, "Pasal 1").select_one(".threads")
    assert beside is not None
    assert len(beside.select(".th")) == 2
    more = beside.select_one("a.more")
    assert more is not None
    assert "3 other discussions" in words(more)
    assert len(see(hall.asep, str(more["href"])).select(".th")) == 5


def test_a_discussion_asked_for_is_among_those_shown(hall: Hall) -> None:
    hall.many("neneng", 5)
    first = hall.thread_id(1)
    path = f"/policies/{hall.slug}/revisions/1"
    assert see(hall.asep, path).find(id=f"t-{first}") is None
    assert see(hall.asep, f"{path}?thread={first}").find(id=f"t-{first}") is not None
    assert hall.asep.get(f"{path}?thread=nobody").location == path


def test_the_page_costs_the_same_with_one_comment_and_with_500(hall: Hall) -> None:
    path = f"/policies/{hall.slug}/revisions/1"
    hall.contribute(hall.neneng, "Pasal 2", "Yang pertama.")
    few = queries_of(hall, hall.asep, path)
    hall.many("neneng", 250, "Pasal 1")
    hall.many("asep", 249, "Pasal 2 ayat (1)")
    assert queries_of(hall, hall.asep, path) == few


def test_who_may_speak_finds_the_form_and_others_the_way_in(hall: Hall) -> None:
    page = text_of(hall, hall.neneng)
    dialog = page.find(id="comment-dialog")
    assert dialog is not None
    form = dialog.select_one("form[method=post]")
    assert form is not None
    assert str(form["action"]).endswith("/revisions/1/threads/new")
    link = article(page, "Pasal 1").select_one("a[data-comment-on]")
    assert link is not None
    assert hall.neneng.get(str(link["href"])).status_code == 200
    visitor = text_of(hall, Browser(hall.app))
    assert visitor.find(id="comment-dialog") is None
    assert "Masuk untuk memberi masukan" in words(visitor.select_one(".strip"))


def test_a_closed_round_is_said_plainly_and_nothing_invites(hall: Hall) -> None:
    hall.contribute(hall.neneng, "Pasal 1", "Satu hal.")
    hall.close_round()
    page = text_of(hall, hall.neneng)
    assert "closed on" in words(page.select_one(".strip"))
    assert "1 contribution is being considered" in words(page.select_one(".strip"))
    assert page.find(id="comment-dialog") is None
    assert not page.select("[data-comment-on]")


def test_an_older_revision_says_which_is_the_newest(hall: Hall) -> None:
    hall.publish(REVISED)
    page = text_of(hall, hall.neneng)
    note = page.select_one(".notice")
    assert note is not None
    assert "You are reading Revision 1. The newest is Revision 2." in words(note)
    targets = [str(link["href"]) for link in note.select("a")]
    assert targets == [
        f"/policies/{hall.slug}/revisions/2",
        f"/policies/{hall.slug}/changes/1..2",
    ]
    assert text_of(hall, hall.neneng, 2).select_one(".notice") is None


def test_headings_are_nested_without_a_gap(hall: Hall) -> None:
    page = text_of(hall, hall.neneng)
    text = page.find(id="naskah")
    assert text is not None
    levels = [int(tag.name[1]) for tag in text.find_all(["h1", "h2", "h3", "h4", "h5", "h6"])]
    assert levels[0] == 2
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert len(page.select("h1")) == 1


def test_a_text_with_plain_headings_reads_as_well(app: Flask) -> None:
    source = "# Pedoman\n\nAwal.\n\n## 1. Tujuan\n\nIsi *tujuan*.\n\n### Rinci\n\n- satu\n- dua\n"
    town = Town(app, source)
    page = see(Browser(app), f"/policies/{town.slug}/revisions/1")
    assert words(article(page, "1. Tujuan").select_one("h3")) == "1. Tujuan"
    assert words(article(page, "Rinci").select_one("h4")) == "Rinci"
    assert article(page, "1. Tujuan").select_one("em") is not None
    contents = [words(link) for link in page.select(".toc > ol > li > a")]
    assert contents == ["Pedoman –", "1 Tujuan –"]


def test_markup_in_words_stays_words(app: Flask) -> None:
    town = Town(app, LAW.replace("KETENTUAN UMUM", "<script>alert(1)</script> & <b>UMUM</b>"))
    raw = Browser(app).get(f"/policies/{town.slug}/revisions/1").get_data(as_text=True)
    assert "<script>alert" not in raw
    assert "<b>UMUM" not in raw


def test_the_source_is_given_back_byte_for_byte_and_only_once(hall: Hall) -> None:
    visitor = Browser(hall.app)
    path = f"/policies/{hall.slug}/revisions/1/source"
    answer = visitor.get(path)
    assert answer.data == LAW.encode()
    assert answer.content_type == "text/markdown; charset=utf-8"
    again = visitor.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_policys_address_leads_to_its_current_text(hall: Hall) -> None:
    hall.publish(REVISED)
    answer = Browser(hall.app).get(f"/policies/{hall.slug}")
    assert answer.location == f"/policies/{hall.slug}/revisions/2"


@pytest.mark.parametrize("number", ["0", "2", "99999999999999999999"])
def test_a_revision_that_is_not_there_is_not_found(hall: Hall, number: str) -> None:
    assert hall.neneng.get(f"/policies/{hall.slug}/revisions/{number}").status_code == 404


def test_a_draft_leads_its_drafters_to_it_and_hides_from_others(hall: Hall) -> None:
    with hall.app.app_context(), transaction():
        data = PolicyData("Baru", "perwal", "public")
        slug = start_policy(hall.actor("ratna"), data, "Pasal 1\n\nIsi.\n", now()).slug
    assert hall.drafter.get(f"/policies/{slug}").location == f"/policies/{slug}/draft"
    assert hall.neneng.get(f"/policies/{slug}").status_code == 404
    make_person(hall.app, "auditor@kota.example", "auditor")
    page = see(hall.browser("auditor"), f"/policies/{slug}")
    assert "This policy is not published yet" in words(page)


def test_pages_are_hidden_from_those_who_may_not_see_the_policy(app: Flask) -> None:
    town = Town(app, visibility="staff")
    visitor = Browser(app)
    for path in ("", "/revisions/1", "/revisions/1/source", "/history", "/feedback", "/changes"):
        assert visitor.get(f"/policies/{town.slug}{path}").status_code == 404, path
