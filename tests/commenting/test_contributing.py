"""Contributing to a section, to marked words and to the whole document, without scripts."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.test import TestResponse

from policyforum.commenting.opening import LONGEST_SUGGESTION
from policyforum.commenting.queries import activity, thread_by_id, thread_view
from tests.commenting.town import LAW, Town
from tests.people import Browser


def words_of(answer: TestResponse) -> str:
    soup = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
    return " ".join((soup.main or soup).get_text(" ").split())


@pytest.fixture
def neneng(town: Town) -> Browser:
    return town.person("neneng", "staff")


def test_a_contribution_stands_on_the_marked_words(town: Town, neneng: Browser) -> None:
    answer = town.contribute(
        neneng, "Pasal 2 ayat (1)", "Siapa yang *menggantikan*?", exact="wajib memberikan  waktu"
    )
    assert answer.status_code == 303
    assert f"thread={town.thread_id()}" in answer.location
    with town.app.app_context():
        thread = town.thread()
        view = thread_view(thread, town.actor("neneng"))
        assert thread.quote_exact == "wajib **memberikan waktu"
        assert view.section_label == "Pasal 2 ayat (1)"
        assert view.place == "ayat (1)"
        assert (view.placement.state, view.placement.start) == ("exact", thread.quote_start)
        assert view.opening.html == "<p>Siapa yang <em>menggantikan</em>?</p>\n"
        assert view.author.name == "Neneng"
        assert view.author.is_me
        policy = town.policy()
        assert activity(policy.current_revision_id or 0) == {view.block_position: (1, 1)}
        assert policy.current_round is not None
        assert (policy.current_round.threads, policy.current_round.waiting) == (1, 1)


def test_words_may_run_over_the_parts_of_a_section(town: Town, neneng: Browser) -> None:
    exact = "kepada Pegawai ASN. (2) Usul disampaikan"
    answer = town.contribute(neneng, "Pasal 2", "Dua hal.", exact=exact)
    assert answer.status_code == 303
    with town.app.app_context():
        assert town.thread().quote_exact == "kepada Pegawai ASN.\n\n(2) Usul disampaikan"


def test_surroundings_are_as_short_as_the_words_they_surround(town: Town, neneng: Browser) -> None:
    for around in ("prefix", "suffix"):
        form = {"exact": "Pegawai", around: "z" * 2_001}
        assert town.contribute(neneng, "Pasal 2", "Dua hal.", **form).status_code == 422
    form = {"exact": "Pegawai", "prefix": "z" * 2_000, "suffix": "z" * 2_000}
    assert town.contribute(neneng, "Pasal 2", "Dua hal.", **form).status_code == 303


def test_the_whole_document_and_a_wording(town: Town, neneng: Browser) -> None:
    assert town.contribute(neneng, None, "Terima kasih atas rancangannya.").status_code == 303
    exact = "paling lambat tanggal 31 Maret"
    proposed = "paling lambat tanggal 30 April"
    answer = town.contribute(
        neneng,
        "Pasal 2 ayat (2)",
        "Beri waktu.",
        exact=exact,
        replacement=proposed,
        kind="proposal",
    )
    assert answer.status_code == 303
    page = neneng.get(f"/policies/{town.slug}/revisions/1/threads")
    soup = BeautifulSoup(page.get_data(as_text=True), "html.parser")
    assert "31 Maret" in soup.select_one("del").get_text(" ")
    assert "30 April" in soup.select_one("ins").get_text(" ")
    only = words_of(neneng.get(f"/policies/{town.slug}/revisions/1/threads?section=document"))
    assert "Terima kasih" in only
    assert "Beri waktu" not in only


@pytest.mark.parametrize(
    "form,message",
    [
        ({"body": " \n\t "}, "Please write something here"),
        ({"body": "a" * 10_001}, "10,001"),
        ({"body": "nol\x00nol"}, "NUL"),
        ({"replacement": "b" * (LONGEST_SUGGESTION + 1)}, "10,001"),
        ({"exact": "kata yang tidak ada di sini"}, "do not occur"),
        ({"exact": "c" * 2_001}, "2,001"),
        ({"kind": "shout"}, "valid choice"),
    ],
)
def test_what_cannot_be_taken_comes_back_with_all_that_was_typed(
    town: Town, neneng: Browser, form: dict[str, str], message: str
) -> None:
    fields = {"body": "Kata-kata saya.", **form}
    answer = town.contribute(neneng, "Pasal 1", **fields)
    assert answer.status_code == 422
    assert message in words_of(answer)
    soup = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
    typed = soup.select_one("textarea[name=body]").get_text()
    if "\x00" not in fields["body"]:
        assert typed.strip() == fields["body"].strip()
    neneng.post("/language", {"locale": "id"}, page="/account")
    assert town.contribute(neneng, "Pasal 1", **fields).status_code == 422
    with town.app.app_context():
        assert town.policy().current_round.threads == 0  # type: ignore[union-attr]


def test_an_unknown_section_is_not_there(town: Town, neneng: Browser) -> None:
    address = f"/policies/{town.slug}/revisions/1/threads/new"
    answer = neneng.post(address, {"section": "nowhere", "body": "x"}, page="/account/password")
    assert answer.status_code == 404
    assert neneng.get(f"{address}?section=nowhere").status_code == 404


def test_the_same_form_twice_is_one_contribution(town: Town, neneng: Browser) -> None:
    form = {"once": "a-double-click", "kind": "concern", "stance": "neutral"}
    first = town.contribute(neneng, "Pasal 1", "Sekali saja.", **form)
    second = town.contribute(neneng, "Pasal 1", "Sekali saja.", **form)
    assert first.location == second.location
    with town.app.app_context():
        assert town.policy().current_round.threads == 1  # type: ignore[union-attr]


def test_words_written_on_an_older_revision_are_kept_and_shown_beside_the_new(
    town: Town, neneng: Browser, app: Flask
) -> None:
    key = town.key("Pasal 2 ayat (2)")
    town.publish(LAW.replace("31 Maret", "30 April"))
    town.open_round()
    address = f"/policies/{town.slug}/revisions/1/threads/new"
    typed = {"section": key, "body": "Terlalu cepat.", "exact": "tanggal 31 Maret"}
    answer = neneng.post(address, typed, page="/account/password")
    assert answer.status_code == 409
    words = words_of(answer)
    assert "Revision 2 appeared" in words
    assert "30 April" in words
    assert "The words you marked are no longer there" in words
    assert "tanggal 31 Maret" in words
    soup = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
    form = soup.select_one("#compose form")
    assert form["action"] == f"/policies/{town.slug}/revisions/2/threads/new"
    again = {field["name"]: field.get("value", "") for field in form.select("input[type=hidden]")}
    again["body"] = form.select_one("textarea[name=body]").get_text().strip()
    assert again["body"] == "Terlalu cepat."
    again |= {"kind": "concern", "stance": "oppose"}
    assert neneng.client.post(form["action"], data=again).status_code == 303
    with app.app_context():
        thread = town.thread()
        assert thread.revision.number == 2
        assert thread.section is not None
        assert thread.section.key == key
    shut = neneng.get(f"{address}?section={key}")
    assert shut.status_code == 409
    heading = BeautifulSoup(shut.get_data(as_text=True), "html.parser").h1
    assert heading.get_text() == "A newer revision is published"


def test_a_closed_round_says_so_and_keeps_everything_readable(town: Town, neneng: Browser) -> None:
    town.contribute(neneng, "Pasal 1", "Sempat.")
    town.close_round()
    answer = town.contribute(neneng, "Pasal 1", "Terlambat.")
    assert answer.status_code == 409
    assert "The consultation closed on" in words_of(answer)
    assert "Terlambat." in answer.get_data(as_text=True)
    neneng.post("/language", {"locale": "id"}, page="/account")
    assert town.reply(neneng, "Juga terlambat.").status_code == 409
    assert neneng.get(f"/threads/{town.thread_id()}/replies").status_code == 409
    assert "Sempat." in words_of(neneng.get(f"/policies/{town.slug}/revisions/1/threads"))
    # The drafters may still ask back.
    assert town.reply(town.drafter, "Mohon penjelasan.").status_code == 303


def test_who_may_contribute(town: Town) -> None:
    auditor, admin = town.person("inspektur", "auditor"), town.person("operator", "admin")
    for person in (auditor, admin):
        assert town.contribute(person, "Pasal 1", "Catatan.").status_code == 403
    guest = town.person("ahli", "guest")
    assert town.contribute(guest, "Pasal 1", "Pendapat ahli.").status_code == 303
    visitor = Browser(town.app)
    address = f"/policies/{town.slug}/revisions/1/threads/new"
    assert visitor.get(address).status_code == 302
    assert visitor.get(f"/policies/{town.slug}/revisions/1/threads").status_code == 200
    with town.app.app_context():
        view = thread_view(thread_by_id(town.thread_id(), town.actor("ahli")), town.actor("ahli"))
        assert view.author.kind == "guest"


def test_a_round_for_staff_is_not_for_guests(app: Flask) -> None:
    town = Town(app, visibility="staff")
    guest = town.person("ahli", "guest")
    assert town.contribute(guest, "Pasal 1", "Halo.").status_code == 404
    staff = town.person("asep", "staff")
    assert town.contribute(staff, "Pasal 1", "Halo.").status_code == 303
    visitor = Browser(app)
    assert visitor.get(f"/policies/{town.slug}/revisions/1/threads").status_code == 404


def test_a_drafters_note_outside_a_round_waits_for_nothing(town: Town) -> None:
    town.close_round()
    assert town.contribute(town.drafter, "Pasal 1", "Catatan kami.").status_code == 303
    with town.app.app_context():
        assert town.thread().round_id is None
        view = thread_view(town.thread(), town.actor("ratna"))
        assert view.author.is_drafter
