"""One consultation from an empty database to the decision, clicked through by its people."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, OpenPage
from tests.browser.people_at_work import Administrator, Contributor, Drafter, Person
from tests.browser.walk_first_round import (
    GONE,
    MOVED,
    PROPOSAL,
    Town,
    people_contribute,
    people_talk,
    the_first_revision_opens_a_round,
    the_town_is_set_up,
    two_drafters_write,
    words_are_changed_and_taken_back,
)
from tests.browser.walk_text import walk_text
from tests.cli.conftest import command_for
from tests.conftest import TEST_DATA


@pytest.fixture
def town(open_page: OpenPage, database_url: str, tmp_path: Path) -> Town:
    return Town(
        text=walk_text(TEST_DATA),
        command=command_for(database_url, tmp_path),
        ani=Administrator(open_page(), "Ani Rohani", "ani@kota.example"),
        ratna=Drafter(open_page(), "Ratna Juwita", "ratna@kota.example"),
        bayu=Drafter(open_page(), "Bayu Pratama", "bayu@kota.example"),
        sari=Contributor(open_page(PHONE), "Sari Lestari", "sari@kota.example"),
        dedi=Contributor(open_page(javascript=False), "Dedi Kurnia", "dedi@kota.example"),
        neneng=Contributor(open_page(), "Neneng Hasanah", "neneng@korpri.example"),
        hendra=Person(open_page(), "Hendra Wijaya", "hendra@kota.example"),
        ujang=Person(open_page(), "Ujang Suryana", "ujang@kota.example"),
        visitor=Contributor(open_page(), "", ""),
    )


@pytest.mark.timeout(300)
def test_a_consultation_from_beginning_to_end(town: Town) -> None:
    the_town_is_set_up(town)
    two_drafters_write(town)
    the_first_revision_opens_a_round(town)
    people_contribute(town)
    people_talk(town)
    words_are_changed_and_taken_back(town)
    contributions_are_decided_on(town)
    no_revision_appears_while_one_waits(town)
    the_second_revision_appears(town)
    discussions_find_their_place(town)
    the_author_sees_what_came_of_it(town)
    anybody_compares(town)
    the_round_closes_for_good(town)
    the_leader_returns_it_and_then_approves(town)
    everything_is_on_record(town)


def contributions_are_decided_on(town: Town) -> None:
    text, ratna = town.text, town.ratna
    ratna.opens(text.title)
    ratna.follow("Konsolidasi")
    for number in (2, 3):
        ratna.main.get_by_label(f"Pilih masukan {number}", exact=True).check()
    ratna.fill("Persamaan masukan yang dipilih", "Penanggung jawab perlu disebut")
    ratna.press("Gabungkan menjadi satu butir")
    ratna.hears("Masukan itu kini menjadi butir 1.")
    ratna.decides(2, "Tidak diakomodasi")
    ratna.reads("Hanya masukan yang diakomodasi seluruhnya yang tidak memerlukan alasan.")
    ratna.fill("Alasan", "Penanggung jawab diatur dalam keputusan tersendiri.")
    ratna.press("Simpan dan lanjut")
    ratna.hears("Masukan 2 sudah diputuskan.")
    ratna.decides(1, "Diakomodasi", wording=text.reworded[1], answer="Usul Anda kami pakai.")
    ratna.hears("Masukan 1 sudah diputuskan.")
    ratna.decides(5, "Diakomodasi sebagian", reason="Ketentuan ini dipindahkan ke tempat lain.")
    ratna.hears("Masukan 5 sudah diputuskan.")
    ratna.press("Terapkan 1 rumusan ke naskah")
    ratna.hears("Rumusan dari 1 butir kini ada dalam draf.")


def no_revision_appears_while_one_waits(town: Town) -> None:
    text, ratna = town.text, town.ratna
    ratna.opens_draft(text.title)
    ratna.finds(text.reworded[1])
    ratna.rewrites(text.second)
    ratna.sees_it_saved()
    ratna.goes_to_publish(text.title, 2)
    ratna.reads("1 masukan belum diputuskan.")
    ratna.fill("Apa yang berubah, dan mengapa", "Terlalu cepat.")
    button = ratna.main.get_by_role("button", name="Terbitkan Revisi 2")
    expect(button).to_be_disabled()
    button.press("Enter")
    expect(ratna.main.get_by_role("alert")).to_be_visible()
    ratna.follow("Ke lembar kerja")
    ratna.reads("Revisi 2 belum dapat terbit:")
    ratna.decides(6, "Ditunda", reason="Menunggu jadwal forum tahun depan.")
    ratna.hears("Masukan 6 sudah diputuskan.")


def the_second_revision_appears(town: Town) -> None:
    text, ratna = town.text, town.ratna
    ratna.goes_to_publish(text.title, 2)
    ratna.reads("5 diskusi ikut terbawa.")
    ratna.publishes(2, "Usul pegawai diterima dan susunan dirapikan.", days=14)


def discussions_find_their_place(town: Town) -> None:
    text, ratna, neneng = town.text, town.ratna, town.neneng
    ratna.page.goto("/")
    ratna.follow("1 masukan belum pasti letaknya")
    ratna.reads(GONE)
    ratna.reads(re.compile("Letak (meragukan|tidak ditemukan)"))
    ratna.follow("Tempat lain")
    ratna.pick("Bagian naskah", text.whole)
    ratna.fill("Kata-kata yang dimaksud", "")
    ratna.press("Di sini letaknya")
    ratna.hears("Letaknya sudah dicatat.")
    ratna.reads("Semua diskusi sudah jelas letaknya")
    neneng.opens_own(MOVED)
    neneng.reads("Ikut berpindah")
    neneng.reads(text.moved_to)
    neneng.opens_own(GONE)
    neneng.reads(f"letak ditentukan {ratna.name}")


def the_author_sees_what_came_of_it(town: Town) -> None:
    text, sari = town.text, town.sari
    sari.page.goto("/")
    sari.reads("Ada jawaban baru")
    sari.follow("Masukan saya")
    own = sari.main.get_by_role("article").filter(has_text=PROPOSAL)
    expect(own).to_contain_text("Diakomodasi")
    expect(own).to_contain_text("Usul Anda kami pakai.")
    own.get_by_role("link", name=re.compile("^Lihat kata yang berubah di")).tap()
    changed = sari.main.get_by_role("article").filter(has_text=text.reworded_in).first
    expect(changed.get_by_role("insertion").first).to_be_visible()
    expect(changed).to_contain_text("Sebab perubahan")
    sari.opens_own(PROPOSAL)
    sari.reads("Rumusan berubah")
    sari.reads("Kata yang berubah dalam Revisi 2:")


def anybody_compares(town: Town) -> None:
    text, visitor = town.text, town.visitor
    visitor.opens(text.title)
    visitor.follow(re.compile("yang berubah dari Revisi 1"))
    visitor.reads(re.compile("Dari Revisi 1 ke Revisi 2"))
    jumps = visitor.page.get_by_role("navigation", name="Ketentuan yang berubah")
    assert jumps.get_by_role("link").count() >= 3
    expect(visitor.main.get_by_role("deletion").filter(has_text=text.gone_words)).to_be_visible()
    visitor.follow("Berdampingan")
    expect(visitor.page.get_by_role("link", name="Berdampingan")).to_have_attribute(
        "aria-current", "true"
    )
    expect(visitor.main.get_by_role("deletion").filter(has_text=text.gone_words)).to_be_visible()
    visitor.follow("Riwayat")
    for event in (
        "Revisi 1 terbit",
        "Putaran 1 diperpanjang",
        "Semua masukan sudah ditanggapi",
        "Revisi 2 terbit",
    ):
        expect(visitor.main.get_by_role("heading", name=event)).to_be_visible()
    visitor.reads("Usul pegawai diterima dan susunan dirapikan.")


def the_round_closes_for_good(town: Town) -> None:
    text, ratna, sari = town.text, town.ratna, town.sari
    sari.opens(text.title)
    sari.page.get_by_role("link", name=re.compile(r"masukan dalam \d diskusi")).first.tap()
    sari.page.get_by_role("link", name=f"Beri masukan atas {text.whole}", exact=True).tap()
    ratna.goes_to_round(text.title)
    ratna.press("Tutup putaran sekarang")
    ratna.hears("Putaran sudah ditutup.")
    sari.says("Satu hal lagi yang terlambat.")
    sari.reads("Semuanya tetap dapat dibaca.")
    expect(sari.field("Masukan Anda")).to_have_value("Satu hal lagi yang terlambat.")
    sari.opens(text.title)
    sari.reads("Konsultasi putaran 2 ditutup")
    expect(sari.page.get_by_role("link", name="Beri masukan")).to_have_count(0)


def the_leader_returns_it_and_then_approves(town: Town) -> None:
    text, ratna, hendra, visitor = town.text, town.ratna, town.hendra, town.visitor
    hendra.page.goto("/")
    hendra.follow("Baca dan putuskan")
    hendra.press("Kembalikan untuk perbaikan")
    hendra.reads(re.compile("perlu Anda perhatikan"))
    hendra.fill("Alasan atau catatan", "Mohon rapikan kalimat pembukanya.")
    hendra.press("Kembalikan untuk perbaikan")
    hendra.hears("Keputusan Anda tercatat")
    visitor.page.goto("/policies")
    visitor.reads("Dikembalikan untuk perbaikan")

    ratna.opens_draft(text.title)
    ratna.swaps(text.hers[1], f"{text.hers[1]} sekali")
    ratna.sees_it_saved()
    ratna.goes_to_publish(text.title, 3)
    ratna.publishes(3, "Kalimat pembuka dirapikan.")
    hendra.page.goto("/")
    hendra.follow("Baca dan putuskan")
    hendra.press("Setujui Revisi 3")
    hendra.hears("Keputusan Anda tercatat")
    visitor.page.goto("/policies")
    visitor.reads("Disetujui")
    visitor.follow(text.title)
    visitor.reads("Revisi ini disetujui.")


def everything_is_on_record(town: Town) -> None:
    ujang = town.ujang
    ujang.opens(town.text.title)
    ujang.follow("Jejak audit")
    ujang.reads("isinya cocok dengan sidiknya.")
    for happened in ("Keputusan diambil", "Revisi diterbitkan", "Letak masukan ditentukan"):
        ujang.reads(happened)
    verified = town.command("audit", "verify")
    assert verified.exit_code == 0, verified.output
    assert "all fit" in verified.output
