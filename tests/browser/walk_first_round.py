"""The walk's first half: from an empty database to what people said about revision 1."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import expect

from tests.browser.people_at_work import Administrator, Contributor, Drafter, Person, days_on
from tests.browser.walk_text import WalkText
from tests.cli.conftest import Command

KORPRI = "Korps Pegawai Republik Indonesia"
PROPOSAL = "Rumusan ini lebih jelas bagi semua yang terkena."
CONCERN = "Bagian ini belum menyebut siapa yang bertanggung jawab."
SAME_CONCERN = "Saya sependapat: penanggung jawabnya perlu jelas."
MISTAKE = "Maaf, ini sebenarnya untuk naskah yang lain."
MOVED = "Anggota kami meminta agar ini ditaati semua atasan."
GONE = "Anggota kami belum pernah diundang ke forum seperti itu."


@dataclass
class Town:
    """Everybody who takes part, each at a page of their own."""

    text: WalkText
    command: Command
    ani: Administrator
    ratna: Drafter
    bayu: Drafter
    sari: Contributor
    dedi: Contributor
    neneng: Contributor
    hendra: Person
    ujang: Person
    visitor: Contributor


def the_town_is_set_up(town: Town) -> None:
    ani = town.ani
    added = town.command("user", "add", ani.email, "--name", ani.name, "--role", "admin")
    assert added.exit_code == 0, added.output
    ani.begin(added.output.strip())
    ani.adds_unit("SETDA", "Sekretariat Daerah")
    ani.adds_unit("ORG", "Bagian Organisasi", under="Sekretariat Daerah")
    ani.adds_association("KORPRI", KORPRI)
    everybody: list[tuple[Person, str, str, str]] = [
        (town.ratna, "Perancang", "Bagian Organisasi", ""),
        (town.bayu, "Perancang", "Bagian Organisasi", ""),
        (town.sari, "Pegawai", "Sekretariat Daerah", ""),
        (town.dedi, "Pegawai", "Bagian Organisasi", ""),
        (town.neneng, "Wakil organisasi", "", KORPRI),
        (town.hendra, "Pimpinan", "Sekretariat Daerah", ""),
        (town.ujang, "Auditor", "", ""),
    ]
    for person, role, unit, speaks_for in everybody:
        person.begin(ani.adds_person(person, role, unit=unit, speaks_for=speaks_for))


def two_drafters_write(town: Town) -> None:
    text, ratna, bayu = town.text, town.ratna, town.bayu
    ratna.opens_policy(text.title, text.kind, text.source)
    for section in text.sections:
        expect(ratna.beside.get_by_role("link", name=section).first).to_be_visible()
    ratna.press("Pratinjau")
    preview = ratna.page.get_by_role("region", name="Pratinjau")
    expect(preview).to_contain_text(text.gone_words)

    bayu.opens_draft(text.title)
    ratna.swaps(*text.hers)
    ratna.sees_it_saved()
    bayu.swaps(*text.his)
    bayu.reads(f"Tersimpan, bersama tulisan {ratna.name} sementara itu.")

    before, her_words, his_words = text.clash
    for drafter in (ratna, bayu):
        drafter.opens_draft(text.title)
        drafter.finds(text.hers[1], text.his[1])
    ratna.swaps(before, her_words)
    ratna.sees_it_saved()
    bayu.swaps(before, his_words)
    bayu.press("Bandingkan kedua rumusan")
    wordings = bayu.main.get_by_role("listitem").filter(has_text="Ditulis Anda")
    expect(wordings).to_contain_text(his_words)
    expect(wordings).to_contain_text(her_words)
    bayu.press("Pakai rumusan ini")
    bayu.press("Simpan naskah gabungan")
    bayu.hears("Tersimpan.")
    bayu.finds(text.hers[1], text.his[1], her_words)
    bayu.follow("Semua simpanan")
    bayu.reads("disisihkan: kata-kata yang sama diubah orang lain")


def the_first_revision_opens_a_round(town: Town) -> None:
    text, ratna = town.text, town.ratna
    ratna.goes_to_publish(text.title, 1)
    ratna.publishes(1, "Naskah awal untuk dibahas bersama.", days=7)
    ratna.goes_to_round(text.title)
    ratna.fill("Batas waktu baru", days_on(14))
    ratna.press("Tetapkan batas waktu baru")
    ratna.hears("Putaran diperpanjang.")
    ratna.reads(f"{ratna.name} mengubah batas waktu")


def people_contribute(town: Town) -> None:
    text, sari, dedi, neneng = town.text, town.sari, town.dedi, town.neneng
    sari.page.goto("/")
    sari.follow("Baca naskah")
    before, after = text.reworded
    sari.marks(before).get_by_role("button", name="Usulkan rumusan").tap()
    sari.says(PROPOSAL, kind="Usulan", stance="Saya mendukung", wording=after)
    sari.hears("Masukan Anda sudah diterima dengan nomor 1.")
    sari.page.get_by_role("link", name=f"Beri masukan atas {text.whole}", exact=True).tap()
    sari.says(CONCERN, kind="Keberatan", stance="Saya keberatan")
    sari.hears("Masukan Anda sudah diterima dengan nomor 2.")

    for number, words in ((3, SAME_CONCERN), (4, MISTAKE)):
        dedi.opens(text.title)
        dedi.follow(f"Beri masukan atas {text.whole}")
        dedi.says(words)
        dedi.hears(f"Masukan Anda sudah diterima dengan nomor {number}.")

    neneng.opens(text.title)
    for number, marked, words in ((5, text.moved_words, MOVED), (6, text.gone_words, GONE)):
        neneng.press("Beri masukan", neneng.marks(marked))
        neneng.says(words)
        neneng.hears(f"Masukan Anda sudah diterima dengan nomor {number}.")


def people_talk(town: Town) -> None:
    text, sari, neneng = town.text, town.sari, town.neneng
    neneng.opens(text.title)
    beside = neneng.page.locator("section").filter(has_text=PROPOSAL).last
    neneng.press("Setuju", beside)
    expect(beside.get_by_role("button", name="Setuju 1")).to_be_visible()
    beside.get_by_role("link", name="Balas").click()
    neneng.replies("Usul yang baik, kami mendukung.")
    sari.opens_own(PROPOSAL)
    sari.main.locator("[id^=c-]").get_by_role("link", name="Balas").click()
    sari.replies("Terima kasih atas dukungannya.")
    expect(sari.main.locator(".rep-2")).to_contain_text("Terima kasih atas dukungannya.")
    neneng.opens(text.title)
    mistaken = neneng.page.locator("section").filter(has_text=MISTAKE).last
    mistaken.get_by_role("link", name="Balas").click()
    neneng.replies("Tidak apa-apa, silakan ditarik.")


def words_are_changed_and_taken_back(town: Town) -> None:
    sari, dedi = town.sari, town.dedi
    sari.opens_own(CONCERN)
    sari.follow("Sunting")
    sari.fill("Masukan Anda", f"{CONCERN} Mohon dilengkapi.")
    sari.press("Simpan")
    sari.hears("Kata-kata terdahulu tetap ada di riwayat.")
    sari.follow("disunting")
    expect(sari.main.get_by_role("heading", name="Bunyi sekarang")).to_be_visible()
    expect(sari.main.get_by_role("heading", name="Semula")).to_be_visible()
    sari.reads(f"{CONCERN} Mohon dilengkapi.")
    dedi.opens_own(MISTAKE)
    dedi.press("Tarik")
    dedi.hears("Masukan Anda sudah ditarik.")
    dedi.reads("Ditarik oleh penulisnya.")
    dedi.reads("Tidak apa-apa, silakan ditarik.")
    expect(dedi.main).not_to_contain_text(MISTAKE)
