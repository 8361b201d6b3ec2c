"""Agreed wording flows into the draft, into the next revision, and is traced back."""

from __future__ import annotations

import pytest
from flask import Flask

from policyforum.consolidation.queries import settlement_of
from policyforum.db.session import transaction
from policyforum.drafting.queries import working_text
from policyforum.drafting.services import save_draft
from tests.commenting.town import LAW, now
from tests.consolidation.hall import DEADLINE, Hall, page_of


def test_an_accepted_wording_goes_into_the_draft_and_the_next_revision(hall: Hall) -> None:
    hall.propose(hall.neneng, "paling lambat tanggal 30 April", exact=DEADLINE)
    hall.decide("accepted")
    answer = hall.draw_up()
    assert answer.status_code == 303
    told = hall.drafter.get(answer.location).get_data(as_text=True)
    assert "The wording of 1 item is in the draft now." in told
    assert hall.draft() == LAW.replace(DEADLINE, "paling lambat tanggal 30 April")
    hall.publish(None)
    assert hall.changed_labels() == ["Pasal 2 ayat (2)"]
    with hall.app.app_context():
        thread = hall.thread()
        (change,) = settlement_of([thread.id])[thread.id].changes
        assert change.words == "paling lambat tanggal 30 April"
        assert change.revision == 2
        assert change.changes_path.endswith(f"/changes/1..2#s-{change.section_key}")


def test_it_goes_in_only_once(hall: Hall) -> None:
    hall.propose(hall.neneng, "paling lambat tanggal 30 April", exact=DEADLINE)
    hall.decide("accepted")
    hall.draw_up()
    with hall.app.app_context(), transaction():
        policy, actor = hall.policy(), hall.actor("ratna")
        save_draft(policy, actor, LAW, working_text(policy).version, now())
    hall.draw_up()
    assert hall.draft() == LAW


def test_the_drafters_wording_goes_in_instead(hall: Hall) -> None:
    hall.propose(hall.neneng, "kapan saja", exact=DEADLINE)
    hall.decide("partly", reason="Perlu tenggat.", wording="paling lambat tanggal 1 Juni")
    hall.draw_up()
    assert "disampaikan paling lambat tanggal 1 Juni kepada BKPSDM" in hall.draft()


@pytest.mark.parametrize("outcome", ["rejected", "already_covered", "deferred"])
def test_what_is_not_accepted_stays_out(hall: Hall, outcome: str) -> None:
    hall.propose(hall.neneng, "kapan saja", exact=DEADLINE)
    hall.decide(outcome, reason="Tidak.")
    hall.draw_up()
    assert hall.draft() == LAW


def test_accepted_without_wording_changes_nothing_by_itself(hall: Hall) -> None:
    hall.propose(hall.neneng, "kapan saja", exact=DEADLINE)
    hall.decide("accepted", wording="")
    told = hall.drafter.get(hall.draw_up().location).get_data(as_text=True)
    assert "No agreed wording is waiting" in told
    assert hall.draft() == LAW


def test_a_whole_section_keeps_its_marker_and_the_blank_line_after_it(hall: Hall) -> None:
    hall.propose(hall.neneng, "Usul disampaikan melalui sistem informasi.")
    hall.propose(hall.asep, "(3) Penolakan disertai alasan.\n\n", label="Pasal 2 ayat (3)")
    hall.propose(hall.asep, "Setiap Pegawai ASN wajib belajar.", label="Pasal 1")
    for number in (1, 2, 3):
        hall.decide("accepted", number)
    hall.draw_up()
    draft = hall.draft()
    assert "\n\n(2) Usul disampaikan melalui sistem informasi.\n\n(3) Penolakan" in draft
    assert "(3) Penolakan disertai alasan.\n\nBAB II\nPENUTUP" in draft
    assert "Pasal 1\n\nSetiap Pegawai ASN wajib belajar.\n\nPasal 2" in draft


DECREE = """KEPUTUSAN WALI KOTA

MEMUTUSKAN:

KESATU : Membentuk tim kerja.

KEDUA : Tim bertugas selama satu tahun.
"""

GUIDE = """Latar
=====

Mengapa begini.

## Cara kerja

Begini caranya.

- satu
- dua
"""


@pytest.mark.parametrize(
    "source,label,wording,result",
    [
        (DECREE, "Diktum KESATU", "Membubarkan tim.", "KESATU : Membubarkan tim.\n\nKEDUA"),
        (DECREE, "Diktum KESATU", "KESATU: Bubar.", "\n\nKESATU: Bubar.\n\nKEDUA"),
        (GUIDE, "Cara kerja", "Lain sama sekali.", "## Cara kerja\n\nLain sama sekali.\n"),
        (GUIDE, "Cara kerja", "## Kerja\n\nLain.", "begini.\n\n## Kerja\n\nLain.\n"),
        (LAW, "Pasal 1", "Pasal 1\n\nSemua.", "UMUM\n\nPasal 1\n\nSemua.\n\nPasal 2"),
        (LAW, "Pasal 2", "Semua.", "Pasal 2\n\nSemua.\n\nBAB II"),
    ],
)
def test_every_kind_of_section_keeps_its_head(
    app: Flask, source: str, label: str, wording: str, result: str
) -> None:
    hall = Hall(app, source)
    hall.propose(hall.neneng, wording, label=label)
    hall.decide("accepted")
    hall.draw_up()
    assert result in hall.draft()


def test_contradicting_wordings_are_left_out_and_named(hall: Hall) -> None:
    hall.propose(hall.neneng, "paling lambat tanggal 30 April", exact=DEADLINE)
    hall.propose(hall.asep, "paling lambat tanggal 15 Mei", exact=DEADLINE)
    hall.propose(hall.asep, "Setiap pegawai", exact="Setiap Pegawai ASN", label="Pasal 1")
    for number in (1, 2, 3):
        hall.decide("accepted", number)
    told = page_of(hall.drafter.get(hall.draw_up().location)).text
    assert "Items 1, 2 were left out" in told
    assert hall.draft() == LAW.replace("Setiap Pegawai ASN berhak", "Setiap pegawai berhak")


def test_what_drafters_wrote_since_stays(hall: Hall) -> None:
    hall.propose(hall.neneng, "paling lambat tanggal 30 April", exact=DEADLINE)
    hall.propose(hall.asep, "Tiap pegawai", exact="Setiap Pegawai ASN", label="Pasal 1")
    hall.decide("accepted", 1)
    hall.decide("accepted", 2)
    ours = LAW.replace("Setiap Pegawai ASN", "Semua Pegawai ASN").replace("Biaya", "Anggaran")
    with hall.app.app_context(), transaction():
        policy, actor = hall.policy(), hall.actor("ratna")
        save_draft(policy, actor, ours, working_text(policy).version, now())
    told = page_of(hall.drafter.get(hall.draw_up().location))
    assert "Item 2 was left out" in told.text
    left_out = told.select_one("#pesan a[href^='/feedback/']")
    assert left_out is not None
    assert hall.drafter.get(str(left_out["href"])).status_code == 200
    assert hall.draft() == ours.replace(DEADLINE, "paling lambat tanggal 30 April")


def test_a_contribution_to_a_pasal_is_linked_to_the_ayat_it_changed(hall: Hall) -> None:
    hall.contribute(hall.neneng, "Pasal 2", "Tenggatnya terlalu cepat.")
    hall.decide("accepted")
    hall.publish(LAW.replace("31 Maret", "30 April"))
    assert hall.changed_labels() == ["Pasal 2 ayat (2)"]


def test_a_change_elsewhere_is_linked_by_hand(hall: Hall) -> None:
    hall.contribute(hall.neneng, None, "Perlu ketentuan peralihan.")
    hall.decide("accepted")
    hall.publish(f"{LAW}\nPasal 5\n\nUsul yang sedang berjalan diselesaikan.\n")
    assert hall.changed_labels() == []
    with hall.app.app_context():
        (item,) = hall.items()
        address = f"/feedback/{item.public_id}"
    unlinked = f"{hall.sheet}?revision=1&show=unlinked"
    assert len(page_of(hall.drafter.get(unlinked)).select(".row")) == 1
    form = {"section": hall.key("Pasal 5", 2)}
    assert hall.drafter.post(f"{address}/changes", form, page=address).status_code == 303
    assert hall.changed_labels() == ["Pasal 5"]
    assert not page_of(hall.drafter.get(unlinked)).select(".row")
    assert "Pasal 5" in hall.neneng.get(address).get_data(as_text=True)
    assert hall.neneng.post(f"{address}/changes", form, page="/account/password").status_code == 403
    unknown = hall.drafter.post(f"{address}/changes", {"section": "x"}, page=address)
    assert unknown.status_code == 422
