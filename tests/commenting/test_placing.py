"""Where contributions stand after the text has changed, and how a person settles doubts."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from policyforum.commenting.models import ThreadPosition
from policyforum.commenting.opening import ThreadData
from policyforum.commenting.passages import QuoteData
from policyforum.commenting.placing import place_by_hand
from policyforum.commenting.planning import PlanData, forget_plan, plan_place, plans_for
from policyforum.commenting.queries import (
    activity,
    placements_of,
    thread_view,
    waiting_for_a_place,
)
from policyforum.commenting.services import open_thread
from policyforum.db.session import db, transaction
from policyforum.drafting.queries import working_text
from policyforum.text.sections import split
from policyforum.web.problems import Closed, Forbidden
from tests.commenting.town import Town, now
from tests.people import Browser, hidden_fields

NEXT = """BAB I
KETENTUAN UMUM

Pasal 1

Setiap Pegawai ASN berhak mengikuti pengembangan kompetensi.

BAB II
USUL

Pasal 2

Biaya pengembangan kompetensi dibebankan pada anggaran Perangkat Daerah masing-masing.

Pasal 3

(1) Kepala Perangkat Daerah wajib **memberikan waktu** kepada Pegawai ASN.

(2) Usul disampaikan paling lambat tanggal 30 April kepada BKPSDM.

Pasal 4

Peraturan ini mulai berlaku pada tanggal diundangkan.
"""


@pytest.fixture
def neneng(town: Town) -> Browser:
    return town.person("neneng", "staff")


@pytest.fixture
def carried(town: Town, neneng: Browser) -> Town:
    """Six contributions on revision 1, and a revision 2 that moves, rewords and deletes."""
    town.contribute(neneng, "Pasal 1", "Tetap.", exact="berhak mengikuti")
    town.contribute(neneng, "Pasal 2 ayat (1)", "Pindah.", exact="wajib memberikan waktu")
    town.contribute(
        neneng, "Pasal 2 ayat (2)", "Diubah.", exact="paling lambat tanggal 31 Maret kepada BKPSDM"
    )
    town.contribute(
        neneng, "Pasal 2 ayat (3)", "Dihapus.", exact="jawaban memuat alasan secara tertulis"
    )
    town.contribute(neneng, None, "Seluruhnya.")
    town.contribute(neneng, "Pasal 3", "Ditarik.")
    neneng.post(f"/comments/{town.comment_ids(6)[0]}/withdraw", page="/account/password")
    town.reply(neneng, "Ditambah.", number=2)
    town.settle()
    town.publish(NEXT)
    return town


def test_every_thread_not_withdrawn_has_its_place_in_the_next_revision(carried: Town) -> None:
    with carried.app.app_context():
        ledgers = [placements_of(carried.thread(number)) for number in range(1, 7)]
        assert [len(ledger) for ledger in ledgers] == [2, 2, 2, 2, 2, 1]
        first, moved, reworded, gone, document = (ledger[1] for ledger in ledgers[:5])
        assert (first.state, first.section_label) == ("exact", "Pasal 1")
        assert moved.section_label == "Pasal 3 ayat (1)"
        assert moved.state in ("exact", "moved")
        assert (reworded.state, reworded.section_label) == ("reworded", "Pasal 3 ayat (2)")
        assert gone.state in ("unplaced", "doubtful")
        assert gone.cause
        assert (document.state, document.section_key) == ("exact", None)
        assert all(placement.revision == 2 for placement in (first, moved, reworded, gone))
        revision = carried.policy().current_revision
        assert revision is not None
        text = revision.source
        for placement, words in (
            (first, "berhak mengikuti"),
            (moved, "wajib **memberikan waktu"),
            (reworded, "paling lambat tanggal 30 April kepada BKPSDM"),
        ):
            section = carried.key(placement.section_label, 2)
            assert section == placement.section_key
            assert words in text
        counts = activity(revision.id)
        assert sum(threads for threads, _comments in counts.values()) == 5
        assert sum(comments for _threads, comments in counts.values()) == 6
        assert waiting_for_a_place(revision.id) == 1
        view = thread_view(carried.thread(4), carried.actor("neneng"))
        assert view.quote == "jawaban memuat alasan secara tertulis"


def test_a_person_settles_what_was_not_sure(carried: Town, neneng: Browser) -> None:
    queue = f"/policies/{carried.slug}/placements"
    assert neneng.get(queue).status_code == 403
    soup = BeautifulSoup(carried.drafter.get(queue).get_data(as_text=True), "html.parser")
    items = soup.select(".queue-item")
    assert len(items) == 1
    assert "jawaban memuat alasan" in items[0].get_text()
    address = f"/threads/{carried.thread_id(4)}/place"
    forged = neneng.post(address, {"as": "gone"}, page="/account/password")
    assert forged.status_code == 403
    nowhere = carried.drafter.post(
        address, {"section": carried.key("Pasal 1", 2), "exact": "tidak ada di sana"}
    )
    assert nowhere.status_code == 422
    placed = carried.drafter.post(
        address, {"section": carried.key("Pasal 3", 2), "exact": "disampaikan paling lambat"}
    )
    assert placed.status_code == 303
    with carried.app.app_context():
        last = placements_of(carried.thread(4))[-1]
        assert (last.state, last.cause, last.score) == ("exact", "by_hand", 1.0)
        assert last.placed_by == "Ratna Dewi"
        view = thread_view(carried.thread(4), carried.actor("neneng"))
        revision = carried.policy().current_revision
        assert revision is not None
        assert waiting_for_a_place(revision.id) == 0
        assert sum(threads for threads, _c in activity(revision.id).values()) == 5
        assert view.section_label == "Pasal 3"
    seen = {"revision": "2", "section": carried.key("Pasal 3", 2)}
    gone = carried.drafter.post(address, {"as": "gone", **seen}, page="/account/password")
    assert gone.status_code == 303
    with carried.app.app_context():
        last = placements_of(carried.thread(4))[-1]
        assert (last.state, last.cause) == ("unplaced", "confirmed_gone")
        assert waiting_for_a_place(carried.policy().current_revision_id or 0) == 0
    carried.publish(NEXT + "\n\nPasal 5\n\nTambahan.\n")
    with carried.app.app_context():
        last = placements_of(carried.thread(4))[-1]
        assert (last.revision, last.state, last.cause) == (3, "unplaced", "confirmed_gone")
        assert waiting_for_a_place(carried.policy().current_revision_id or 0) == 0


def test_only_drafters_place_whichever_way_it_is_asked(carried: Town, neneng: Browser) -> None:
    """The pages refuse before they ask; other ways to the services may not."""
    with carried.app.app_context():
        thread, speaker = carried.thread(4), carried.actor("neneng")
        revision = carried.policy().current_revision
        assert revision is not None
        version = working_text(carried.policy()).version
        for forbidden in (
            lambda: place_by_hand(thread, revision, speaker, None, None, None, now()),
            lambda: plan_place(thread, speaker, version, PlanData(None), now()),
            lambda: forget_plan(thread, speaker),
        ):
            with pytest.raises(Forbidden), transaction():
                forbidden()
        assert not placements_of(thread)[-1].placed_by
        assert not plans_for(carried.policy(), version, split(NEXT))


def test_what_was_withdrawn_is_not_placed(carried: Town) -> None:
    with carried.app.app_context():
        drafter, revision = carried.actor("ratna"), carried.policy().current_revision
        assert revision is not None
        with pytest.raises(Closed), transaction():
            place_by_hand(carried.thread(6), revision, drafter, None, None, None, now())


def test_only_a_likely_place_is_urged_on_the_drafter(carried: Town) -> None:
    def urged(score: float) -> list[str]:
        with carried.app.app_context(), transaction():
            position = db.session.get_one(
                ThreadPosition, (carried.thread(4).id, carried.policy().current_revision_id)
            )
            here = carried.thread(1).section_id
            position.state, position.section_id = "doubtful", here
            placement = position.placement
            placement.state, placement.section_id, placement.score = "doubtful", here, score
        page = carried.drafter.get(f"/policies/{carried.slug}/placements").get_data(as_text=True)
        item = BeautifulSoup(page, "html.parser").select_one(".queue-item")
        assert "It belongs here" in item.get_text()
        return [button.get_text() for button in item.select(".btn-eq, .btn-1")]

    assert urged(0.36) == []
    assert urged(0.71) == ["It belongs here"]


def proposed_in_queue(carried: Town, button: str = "proposed") -> dict[str, str]:
    """What a button of the queue sends beside a discussion that has a doubtful place."""
    with carried.app.app_context(), transaction():
        position = db.session.get_one(
            ThreadPosition, (carried.thread(4).id, carried.policy().current_revision_id)
        )
        here = carried.thread(1).section_id
        position.state, position.section_id = "doubtful", here
        position.placement.state, position.placement.section_id = "doubtful", here
    page = carried.drafter.get(f"/policies/{carried.slug}/placements").get_data(as_text=True)
    pressed = BeautifulSoup(page, "html.parser").select_one(f".queue-item [value={button}]")
    return {one["name"]: one["value"] for one in pressed.find_parent("form").select("[name]")}


def test_a_place_is_confirmed_only_as_it_was_seen(carried: Town) -> None:
    address = f"/threads/{carried.thread_id(4)}/place"
    fields = proposed_in_queue(carried)
    carried.publish("Pasal 9\n\nSeluruhnya lain.\n")
    for sent in (fields, {**fields, "revision": "3"}, {**fields, "revision": "3", "section": ""}):
        answer = carried.drafter.client.post(address, data=sent)
        assert answer.status_code == 409
        assert "Look again before you confirm it." in answer.get_data(as_text=True)
    with carried.app.app_context():
        assert not placements_of(carried.thread(4))[-1].placed_by


def test_words_are_gone_only_from_the_revision_that_was_seen(carried: Town) -> None:
    """A later revision may hold them again, or somebody may have found them meanwhile."""
    address = f"/threads/{carried.thread_id(4)}/place"
    fields = proposed_in_queue(carried, "gone")
    carried.drafter.post(address, {"section": carried.key("Pasal 3", 2), "exact": "Usul"})
    refused = [carried.drafter.client.post(address, data=fields)]
    carried.publish(NEXT.replace("Pasal 4", "Pasal 4\n\nHal lain.\n\nPasal 5"))
    refused.append(carried.drafter.client.post(address, data=fields))
    for answer in refused:
        assert answer.status_code == 409
        assert "Look again before you confirm it." in answer.get_data(as_text=True)
    with carried.app.app_context():
        last = placements_of(carried.thread(4))[-1]
        assert (last.revision, last.section_label) == (3, "Pasal 3")


def test_words_are_gone_with_the_button_of_the_queue(carried: Town) -> None:
    fields = proposed_in_queue(carried, "gone")
    answer = carried.drafter.client.post(f"/threads/{carried.thread_id(4)}/place", data=fields)
    assert answer.status_code == 303
    with carried.app.app_context():
        assert placements_of(carried.thread(4))[-1].cause == "confirmed_gone"


def test_a_place_is_confirmed_with_the_button_of_the_queue(carried: Town) -> None:
    fields = proposed_in_queue(carried)
    answer = carried.drafter.client.post(f"/threads/{carried.thread_id(4)}/place", data=fields)
    assert answer.status_code == 303
    with carried.app.app_context():
        last = placements_of(carried.thread(4))[-1]
        assert (last.section_label, last.placed_by) == ("Pasal 1", "Ratna Dewi")


def test_the_publisher_sees_which_places_were_doubtful_before(
    carried: Town, neneng: Browser
) -> None:
    carried.open_round()
    for number in range(22):
        carried.contribute(
            neneng, "Pasal 2 ayat (2)", f"Ke-{number}.", exact="Usul disampaikan", number=2
        )
    page = carried.drafter.get(f"/policies/{carried.slug}/draft").get_data(as_text=True)
    version = BeautifulSoup(page, "html.parser").select_one("input[name=version]")["value"]
    source = re.sub(r"\(2\) Usul.*", "(2) Dokumen lengkap tersimpan.", NEXT)
    form = {**hidden_fields(page), "source": source, "version": version}
    carried.drafter.client.post(f"/policies/{carried.slug}/draft", data=form)
    address = f"/policies/{carried.slug}/draft/forecast"
    part = carried.drafter.get(address, headers={"X-Fragment": "1"})
    shown = BeautifulSoup(part.get_data(as_text=True), "html.parser")
    left = shown.select_one(".forecast-left")
    assert left.get_text(" ").startswith("1 of them has waited")
    assert left.a["href"] == f"/policies/{carried.slug}/placements"
    listed = [entry.get_text() for entry in shown.select(".forecast-open li")]
    assert len(listed) == 21
    assert not any("jawaban memuat alasan" in entry for entry in listed)
    assert listed[-1].startswith("and ")


def test_the_publisher_sees_beforehand_what_becomes_of_the_discussions(
    town: Town, neneng: Browser
) -> None:
    town.contribute(neneng, "Pasal 1", "Tetap.", exact="berhak mengikuti")
    town.contribute(neneng, "Pasal 2 ayat (3)", "Hilang.", exact="jawaban memuat alasan")
    page = town.drafter.get(f"/policies/{town.slug}/draft").get_data(as_text=True)
    soup = BeautifulSoup(page, "html.parser")
    version = soup.select_one("form#draft input[name=version]")["value"]
    form = {**hidden_fields(page), "source": NEXT, "version": version}
    town.drafter.client.post(f"/policies/{town.slug}/draft", data=form)
    address = f"/policies/{town.slug}/draft/forecast"
    assert neneng.get(address).status_code in (403, 404)
    whole = town.drafter.get(address).get_data(as_text=True)
    part = town.drafter.get(address, headers={"X-Fragment": "1"}).get_data(as_text=True)
    assert "<html" in whole
    assert "<html" not in part
    words = " ".join(BeautifulSoup(part, "html.parser").get_text(" ").split())
    assert "2 discussions go along" in words
    assert "jawaban memuat alasan" in words


def test_a_discussion_on_an_earlier_revision_is_closed_for_replies(
    carried: Town, neneng: Browser
) -> None:
    carried.open_round()
    answer = carried.reply(neneng, "Masih boleh?")
    assert answer.status_code == 409
    assert carried.reply(carried.drafter, "Kami jawab di sini.").status_code == 303


@pytest.mark.parametrize("count", [200])
def test_hundreds_of_contributions_go_along(app: Flask, count: int) -> None:
    """Every one is placed, beside its own words."""
    articles = [
        f"Pasal {number}\n\nSetiap unit kerja nomor {number} menyusun rencana nomor {number * 7}.\n"
        for number in range(1, 101)
    ]
    source = "BAB I\nUMUM\n\n" + "\n".join(articles)
    town = Town(app, source)
    town.person("neneng", "staff")
    keys = [town.key(f"Pasal {number}") for number in range(1, 101)]
    with app.app_context(), transaction():
        policy, speaker = town.policy(), town.actor("neneng")
        revision = policy.current_revision
        assert revision is not None
        for index in range(count):
            number = index % 100 + 1
            quote = QuoteData(f"menyusun rencana nomor {number * 7}")
            data = ThreadData(keys[number - 1], f"Masukan {index}", quote)
            open_thread(policy, revision, speaker, data, now())
    town.settle()
    shifted = [
        article.replace(f"Pasal {number}\n", f"Pasal {number + 1}\n")
        for number, article in enumerate(articles, 1)
    ]
    town.publish("BAB I\nUMUM\n\nPasal 1\n\nSisipan.\n\n" + "\n".join(shifted))
    with app.app_context():
        policy = town.policy()
        revision = policy.current_revision
        assert revision is not None
        counts = activity(revision.id)
        assert sum(threads for threads, _comments in counts.values()) == count
        assert waiting_for_a_place(revision.id) == 0
        last = placements_of(town.thread(7))[-1]
        assert last.section_label == "Pasal 8"
