"""Deciding on contributions at the worksheet, alone and together."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from policyforum.audit.verifying import verify_record
from policyforum.consolidation.items import dispositions_of, item_by_id
from policyforum.consolidation.queries import settlement_of
from policyforum.consolidation.services import DispositionData, dispose
from tests.commenting.town import now
from tests.consolidation.hall import Hall, page_of, panel
from tests.engines import ENGINES
from tests.waiting import together


def test_a_contribution_is_decided_on_and_its_author_reads_why(hall: Hall) -> None:
    hall.contribute(hall.neneng, "Pasal 1", "Apakah PPPK termasuk?")
    hall.contribute(hall.asep, "Pasal 3", "Biayanya dari mana?")
    assert hall.waiting() == 2
    sent = hall.decide(
        "already_covered", reason="PPPK adalah Pegawai ASN.", response="Ya, **termasuk**."
    )
    assert sent.status_code == 303
    assert sent.location == f"{hall.sheet}/{hall.thread_id(2)}"  # on to the next undecided one
    assert hall.waiting() == 1
    with hall.app.app_context():
        thread = hall.thread()
        assert thread.state == "answered"
        settled = settlement_of([thread.id])[thread.id]
        assert (settled.outcome, settled.reason) == ("already_covered", "PPPK adalah Pegawai ASN.")
        assert "<strong>termasuk</strong>" in settled.answer
        assert settled.decided_by == "Ratna Dewi"
        path = settled.path
    shown = hall.neneng.get(path).get_data(as_text=True)
    assert "PPPK adalah Pegawai ASN." in shown
    assert "<strong>termasuk</strong>" in shown


def test_a_reason_is_compulsory_unless_all_is_accepted(hall: Hall) -> None:
    hall.contribute(hall.neneng, "Pasal 1", "Tambahkan kuota.")
    refused = hall.decide("rejected", response="Mohon maaf.")
    assert refused.status_code == 422
    assert "Give the reason" in refused.get_data(as_text=True)
    assert "Mohon maaf." in refused.get_data(as_text=True)
    assert hall.waiting() == 1
    assert hall.decide("").status_code == 422
    assert hall.decide("somehow", reason="Begitu.").status_code == 422
    assert hall.decide("accepted").status_code == 303
    assert hall.waiting() == 0


def test_the_next_revision_waits_for_every_contribution(hall: Hall) -> None:
    hall.contribute(hall.neneng, "Pasal 1", "Tambahkan kuota.")
    publish = f"/policies/{hall.slug}/publish"
    form = {"change_note": "Perbaikan.", "draft_version": hall_version(hall)}
    refused = hall.drafter.post(publish, form)
    assert refused.status_code == 422
    assert hall.thread_id() in refused.get_data(as_text=True)
    blocked = page_of(hall.drafter.get(hall.sheet)).select_one(".ws-top .blocked")
    assert blocked is not None
    assert "1 contribution is undecided" in blocked.text
    hall.decide("deferred", reason="Perlu kajian.")
    assert hall.drafter.post(publish, form).status_code == 303


def test_withdrawn_contributions_hold_up_nothing(hall: Hall) -> None:
    hall.contribute(hall.neneng, "Pasal 1", "Tambahkan kuota.")
    comment = hall.comment_ids()[0]
    hall.neneng.post(f"/comments/{comment}/withdraw", page="/account/password")
    assert hall.waiting() == 0
    page = page_of(hall.drafter.get(hall.sheet))
    assert "Tambahkan kuota" not in page.text
    assert page.select_one(".ws-top .blocked") is None


def test_a_decision_can_be_changed_and_the_earlier_one_stays(hall: Hall) -> None:
    hall.contribute(hall.neneng, "Pasal 1", "Tambahkan kuota.")
    hall.decide("rejected", reason="Tidak ada anggaran.", response="Belum bisa.")
    hall.decide("accepted", reason="", response="Belum bisa.")
    with hall.app.app_context():
        (item,) = hall.items()
        assert item.outcome == "accepted"
        address = f"/feedback/{item.public_id}"
    shown = hall.neneng.get(address).get_data(as_text=True)
    assert "Tidak ada anggaran." in shown
    assert hall.waiting() == 0


def test_words_stay_as_they_were_decided_on(hall: Hall) -> None:
    hall.contribute(hall.neneng, "Pasal 1", "Mohon tenggat diperpanjang.")
    hall.reply(hall.neneng, "Sampai April.")
    hall.decide("accepted")
    opening, reply = hall.comment_ids()
    thread, address = f"/threads/{hall.thread_id()}", f"/comments/{opening}/edit"
    assert address not in hall.neneng.get(thread).get_data(as_text=True)
    refused = hall.neneng.get(address)
    assert refused.status_code == 409
    assert "It was decided on" in refused.get_data(as_text=True)
    other = {"body": "Mohon semua tunjangan dihapus."}
    assert hall.neneng.post(address, other, page="/account/password").status_code == 409
    assert "tunjangan" not in hall.asep.get(thread).get_data(as_text=True)
    assert f"/comments/{reply}/edit" in hall.neneng.get(thread).get_data(as_text=True)
    assert hall.neneng.post(f"/comments/{reply}/edit", {"body": "Mei."}).status_code == 303
    gone = hall.neneng.post(f"/comments/{opening}/withdraw", page="/account/password")
    assert gone.status_code == 303


def test_a_summary_goes_with_the_words_it_repeats_and_can_be_changed(hall: Hall) -> None:
    hall.contribute(hall.neneng, "Pasal 1", "Kepala dinas menerima suap. Buktinya ada.")
    hall.contribute(hall.asep, "Pasal 1", "Tambahkan kuota.")
    hall.decide("rejected", reason="Di luar lingkup.", similar=[hall.thread_id(2)])
    address = f"{hall.sheet}/{hall.thread_id()}"
    with hall.app.app_context():
        item = f"/feedback/{hall.items()[0].public_id}"
    assert "menerima suap" in hall.asep.get(item).get_data(as_text=True)
    moderator = hall.person("mod", "moderator")
    moderator.post(f"/comments/{hall.comment_ids()[0]}/hide", {"reason": "Fitnah."})
    assert "menerima suap" not in hall.asep.get(item).get_data(as_text=True)
    assert "menerima suap" not in hall.drafter.get(address).get_data(as_text=True)
    assert hall.decide("rejected", reason="Di luar lingkup.").status_code == 422  # has none now
    again = hall.decide("rejected", reason="Di luar lingkup.", summary="Dugaan pelanggaran")
    assert again.status_code == 303
    assert "Dugaan pelanggaran" in hall.asep.get(item).get_data(as_text=True)
    moderator.post(f"/comments/{hall.comment_ids()[0]}/show", {"reason": "Bukan fitnah."})
    assert "Dugaan pelanggaran" in hall.asep.get(item).get_data(as_text=True)
    with hall.app.app_context():
        assert verify_record().broken_seq is None


def test_two_drafters_do_not_overrule_each_other_unseen(hall: Hall) -> None:
    hall.contribute(hall.neneng, "Pasal 1", "Tambahkan kuota.")
    address = f"{hall.sheet}/{hall.thread_id()}"
    first_seen = hall.drafter.get(address)
    second = hall.person("bayu", "drafter")
    assert hall.decide("accepted", by=second).status_code == 303
    late = hall.drafter.client.post(address, data=as_shown(first_seen, "rejected"))
    assert late.status_code == 409
    assert "Sudah dipikirkan." in late.get_data(as_text=True)
    with hall.app.app_context():
        assert [item.outcome for item in hall.items()] == ["accepted"]


def test_nor_do_they_when_they_change_a_decision(hall: Hall) -> None:
    hall.contribute(hall.neneng, "Pasal 1", "Tambahkan kuota.")
    hall.decide("rejected", reason="Tidak ada anggaran.")
    address = f"{hall.sheet}/{hall.thread_id()}"
    seen = hall.drafter.get(address)
    hall.decide("accepted", by=hall.person("bayu", "drafter"))
    late = hall.drafter.client.post(address, data=as_shown(seen, "deferred"))
    assert late.status_code == 409
    with hall.app.app_context():
        assert [item.outcome for item in hall.items()] == ["accepted"]


def test_several_are_gathered_and_answered_at_once(hall: Hall) -> None:
    for words in ("Tenggat terlalu cepat.", "Tenggat diundur saja."):
        hall.contribute(hall.neneng, "Pasal 2 ayat (2)", words)
    hall.contribute(hall.asep, "Pasal 1", "Yang lain.")
    picked = [hall.thread_id(1), hall.thread_id(2)]
    form = {"threads": picked, "summary": "Tenggat usul"}
    assert hall.drafter.post(f"{hall.sheet}/items", form, page=hall.sheet).status_code == 303
    assert hall.waiting() == 3  # gathered is not decided
    hall.decide("partly", 2, reason="Diundur satu bulan.")
    assert hall.waiting() == 1
    with hall.app.app_context():
        (item,) = hall.items()
        assert item.summary == "Tenggat usul"
        ids = [hall.thread(number).id for number in (1, 2, 3)]
        settled = settlement_of(ids)
        assert set(settled) == set(ids[:2])
        assert settled[ids[0]].companions == 1


def test_gathering_needs_contributions_and_a_summary(hall: Hall) -> None:
    hall.contribute(hall.neneng, "Pasal 1", "Tambahkan kuota.")
    gather = f"{hall.sheet}/items"
    nothing = hall.drafter.post(gather, {"summary": "Apa saja"}, page=hall.sheet)
    assert nothing.status_code == 422
    nameless = hall.drafter.post(gather, {"threads": [hall.thread_id()]}, page=hall.sheet)
    assert nameless.status_code == 422
    assert "checked" in str(page_of(nameless).select_one(f'input[value="{hall.thread_id()}"]'))
    foreign = hall.drafter.post(gather, {"threads": ["?"], "summary": "x"}, page=hall.sheet)
    assert foreign.status_code == 422
    with hall.app.app_context():
        assert not hall.items()


def test_similar_ones_are_offered_and_answered_with_it(hall: Hall) -> None:
    words = "Tenggat tanggal 31 Maret terlalu awal bagi pegawai yang baru mutasi."
    hall.contribute(hall.neneng, "Pasal 2 ayat (2)", words)
    hall.contribute(hall.asep, "Pasal 2 ayat (2)", f"Setuju: {words.lower()}")
    hall.contribute(hall.asep, "Pasal 2 ayat (2)", "Mohon dipakai formulir daring.")
    page = page_of(hall.drafter.get(f"{hall.sheet}/{hall.thread_id(1)}"))
    offered = [box["value"] for box in page.select("input[name=similar]")]
    assert offered == [hall.thread_id(2)]
    hall.decide("accepted", 1, similar=offered)
    assert hall.waiting() == 1
    with hall.app.app_context():
        assert hall.thread(2).state == "answered"


def test_a_double_click_decides_once(hall: Hall) -> None:
    hall.contribute(hall.neneng, "Pasal 1", "Tambahkan kuota.")
    address = f"{hall.sheet}/{hall.thread_id()}"
    form = as_shown(hall.drafter.get(address), "accepted")
    answers = [hall.drafter.client.post(address, data=form) for _click in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    with hall.app.app_context():
        assert len(hall.items()) == 1


def test_only_the_drafters_of_a_policy_consolidate(hall: Hall) -> None:
    hall.contribute(hall.neneng, "Pasal 1", "Tambahkan kuota.")
    address = f"{hall.sheet}/{hall.thread_id()}"
    for person in (hall.neneng, hall.person("wali", "leader")):
        assert person.get(hall.sheet).status_code == 403
        assert person.get(address).status_code == 403
        sent = person.post(address, {"outcome": "accepted"}, page="/account/password")
        assert sent.status_code == 403
    assert hall.waiting() == 1


def hall_version(hall: Hall) -> str:
    page = page_of(hall.drafter.get(f"/policies/{hall.slug}/publish"))
    field = page.select_one("[name=draft_version]")
    assert field is not None
    return str(field["value"])


def as_shown(page: TestResponse, outcome: str) -> dict[str, str]:
    return {**panel(page), "outcome": outcome, "reason": "Sudah dipikirkan."}


def test_of_two_decisions_at_one_moment_the_later_counts(
    hall: Hall, engine: str, database_url: str
) -> None:
    if engine == ENGINES[0]:
        pytest.skip("writers of SQLite stand in line: see test_queue.py")
    hall.contribute(hall.neneng, "Pasal 1", "Tambahkan kuota.")
    hall.decide("rejected", reason="Sudah cukup.")
    with hall.app.app_context():
        item_id, actor = hall.items()[0].public_id, hall.actor("ratna")

    def decide(outcome: str) -> Callable[[], None]:
        def carry_out() -> None:
            data = DispositionData(outcome, "Sudah cukup.")
            dispose(item_by_id(item_id, actor), actor, data, now())

        return carry_out

    acts = (decide("accepted"), decide("rejected"))
    together(hall.app, *acts, database_url=database_url, held="SELECT id FROM policies FOR UPDATE")
    with hall.app.app_context():
        (item,) = hall.items()
        assert [one.outcome for one in dispositions_of(item)] == [
            "rejected",
            "accepted",
            "rejected",
        ]
        assert item.outcome == "rejected"
        assert verify_record().broken_seq is None
