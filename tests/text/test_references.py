"""Cross-references are read, understood where they stand, and corrected after renumbering."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyforum.text.mentions import mentions
from policyforum.text.references import Reference, references
from policyforum.text.renumbering import apply, corrections
from policyforum.text.sections import split
from tests.text.comparing import carried, first

LEAVE = "Pegawai berhak atas cuti tahunan selama dua belas hari kerja setiap tahun."
DUTY = "Pegawai wajib menaati jam kerja yang ditetapkan oleh Wali Kota."


def cited(text: str) -> list[str]:
    """What is cited, one short line each: "P5 A2 Hb"."""
    return [
        " ".join(part.kind[0].upper() + part.number for part in mention.parts)
        for mention in mentions(text)
    ]


@pytest.mark.parametrize(
    "text, wanted",
    [
        ("sebagaimana dimaksud dalam Pasal 5 ayat (2) huruf b", ["P5 A2 Hb"]),
        ("sebagaimana dimaksud pada ayat (1)", ["A1"]),
        (
            "pada ayat (1), Pasal 7 ayat (2) dan ayat (4), Pasal 12, dan Pasal 13 ayat (3)",
            ["A1", "P7 A2", "P7 A4", "P12", "P13 A3"],
        ),
        ("Pasal 1 angka 1", ["P1 A1"]),
        ("Pasal I angka 14", ["PI A14"]),
        ("Ketentuan ayat (2) dan ayat (3) Pasal 8 diubah", ["P8 A2", "P8 A3"]),
        ("dalam huruf a, huruf b, dan huruf c", ["Ha", "Hb", "Hc"]),
        ("huruf a dan b serta ayat (1) dan (2)", ["Ha", "Hb", "A1", "A2"]),
        ("Pasal 42A, Pasal\n12 B", ["P42A", "P12B"]),
        ("Lampiran II dan BAB III Bagian Kedua", ["LII", "BIII BKedua"]),
        ("Pasal 3, 4, dan 5 ayat (1)", ["P3", "P4", "P5 A1"]),
        ("Pasal 5, 10 orang, dan 3 (tiga) unit", ["P5"]),
        ("Pasal 5 dan 6 (enam) bulan", ["P5"]),
        ("pasal 5 ayat 2 dan ayat (3)-(4)", ["P5 A2", "P5 A3", "P5 A4"]),
        ("PASAL 5 AYAT (1)", ["P5 A1"]),
        ("**Pasal 5** ayat \\(1\\) huruf a", ["P5 A1 Ha"]),
        ("[Pasal 5](#pasal-5) ayat (1), [Pasal 6](#pasal-6)", ["P5 A1", "P6"]),
        ("Pasal 5.000 dan angka 1.000", ["P5"]),
        ("pasal karet, ayat suci, huruf kapital, angka kredit", []),
    ],
)
def test_what_is_cited(text: str, wanted: list[str]) -> None:
    assert cited(text) == wanted


@pytest.mark.parametrize(
    "text, law",
    [
        (
            "Pasal 62 ayat (3) huruf b Undang-Undang Nomor 20 Tahun 2023",
            "Undang-Undang Nomor 20 Tahun 2023",
        ),
        ("Undang-Undang Nomor 20 Tahun 2023 Pasal 5", "Undang-Undang Nomor 20 Tahun 2023"),
        ("Undang-Undang Nomor 20 Tahun 2023, Pasal 5", ""),
        ("Pasal 5 Peraturan Wali Kota ini", ""),
        ("Pasal 5 Undang-Undang ini", ""),
        ("Pasal 18 ayat (6) Undang-Undang Dasar", "Undang-Undang Dasar"),
    ],
)
def test_which_regulation_is_cited(text: str, law: str) -> None:
    assert [mention.law for mention in mentions(text)] == [law]


SOURCE = f"""## BAB I
UMUM

#### Pasal 1
(1) {LEAVE}
(1a) Ketentuan pada ayat (1) berlaku.
(2) Cuti sebagaimana dimaksud pada ayat (1) sampai dengan ayat (1a):
a. diajukan; dan
b. disetujui setelah huruf a.

#### Pasal 2
{DUTY} Ketentuan Pasal 1 ayat (2) huruf b dan ayat (9) berlaku.

#### Pasal 3
Lihat Pasal 1 sampai dengan Pasal 3, BAB I, dan Lampiran. Berlaku Pasal 7 UU Nomor 5 Tahun 2014.
"""


def found(source: str) -> list[tuple[str, str, list[str]]]:
    """Words, state and targets of every reference."""
    outline = split(source)
    return [
        (
            source[one.start : one.end],
            one.state,
            [outline.sections[at].label for at in one.targets],
        )
        for one in references(outline)
    ]


def test_what_is_meant() -> None:
    assert found(SOURCE) == [
        ("ayat (1)", "found", ["Pasal 1 ayat (1)"]),
        ("ayat (1)", "found", ["Pasal 1 ayat (1)"]),
        ("ayat (1a)", "found", ["Pasal 1 ayat (1)", "Pasal 1 ayat (1a)"]),
        ("huruf a", "found", ["Pasal 1 ayat (2) huruf a"]),
        ("Pasal 1 ayat (2) huruf b", "found", ["Pasal 1 ayat (2) huruf b"]),
        ("ayat (9)", "dangling", []),
        ("Pasal 1", "found", ["Pasal 1"]),
        ("Pasal 3", "found", ["Pasal 1", "Pasal 2", "Pasal 3"]),
        ("BAB I", "found", ["BAB I"]),
        ("Lampiran", "dangling", []),
        ("Pasal 7", "external", []),
    ]


def test_recitals_cite_their_own_letters_and_other_regulations() -> None:
    source = (
        "Menimbang : a. bahwa perlu;\nb. bahwa berdasarkan huruf a, perlu;\n"
        "Mengingat : 1. Pasal 18 ayat (6) Undang-Undang Dasar;\n2. Pasal 9;\n"
        f"MEMUTUSKAN:\nMenetapkan : PERATURAN.\n\n#### Pasal 1\n{LEAVE}\n\n#### Pasal 2\n{DUTY}\n"
    )
    assert [state for _, state, _ in found(source)] == ["found", "external", "external"]


def test_an_amending_instruction_speaks_of_the_amended_regulation() -> None:
    source = (
        "#### Pasal I\nPeraturan diubah:\n\n1. Ketentuan ayat (3) Pasal 9 diubah dan di antara "
        "ayat (3) dan ayat (4) disisipkan ayat (3a), sehingga Pasal 9 berbunyi:\n\n"
        f"Pasal 9\n(1) {LEAVE}\n(2) Lihat ayat (1) dan ayat (5) dan BAB III.\n\n"
        f"2. Setelah BAB IV ditambahkan BAB V:\n\nBAB V\nKERJA\n\nPasal 50\n{DUTY}\n\n"
        "#### Pasal II\nBerlaku.\n"
    )
    assert [(words, state) for words, state, _ in found(source)] == [
        ("ayat (3) Pasal 9", "external"),
        ("ayat (3)", "external"),
        ("ayat (4)", "external"),
        ("ayat (3a)", "external"),
        ("Pasal 9", "external"),
        ("ayat (1)", "found"),
        ("ayat (5)", "dangling"),
        ("BAB III", "external"),
        ("BAB IV", "external"),
        ("BAB V", "found"),
    ]


def test_a_decision_cites_its_dictums() -> None:
    source = (
        "MEMUTUSKAN:\nMenetapkan :\nKESATU : Membentuk tim.\n"
        "KEDUA : Tim dalam Diktum KESATU bertugas:\na. menyusun; dan\nb. melapor.\n"
        "KETIGA : Sesuai Diktum KEDUA huruf b dan Diktum KESEPULUH.\n"
    )
    assert found(source) == [
        ("Diktum KESATU", "found", ["Diktum KESATU"]),
        ("Diktum KEDUA huruf b", "found", ["Diktum KEDUA huruf b"]),
        ("Diktum KESEPULUH", "dangling", []),
    ]


def test_the_elucidation_cites_the_body() -> None:
    source = (
        f"#### Pasal 1\n(1) {LEAVE}\n(2) {DUTY}\n\nPENJELASAN\nI. UMUM\nUmum.\n"
        "II. PASAL DEMI PASAL\nPasal 1\nAyat (2)\nSesuai ayat (1) dan Pasal 1.\n"
    )
    assert [(state, labels) for _, state, labels in found(source)] == [
        ("found", ["Pasal 1 ayat (1)"]),
        ("found", ["Pasal 1"]),
    ]


def test_an_inserted_article_makes_citations_wrong_and_the_right_ones_are_known() -> None:
    old = first(SOURCE)
    changed = (
        SOURCE.replace("#### Pasal 3", "#### Pasal 4")
        .replace("#### Pasal 2", "#### Pasal 3")
        .replace(
            "#### Pasal 1\n", "#### Pasal 1\nPeraturan ini mengatur kehadiran.\n\n#### Pasal 2\n"
        )
    )
    new = carried(old, changed)[1]
    wrong = corrections(old, new)
    assert [(changed[one.start : one.end], one.words) for one in wrong] == [
        ("Pasal 1 ayat (2) huruf b", "Pasal 2 ayat (2) huruf b"),
        ("Pasal 1", "Pasal 2"),
        ("Pasal 3", "Pasal 4"),
    ]
    assert "Ketentuan Pasal 2 ayat (2) huruf b dan ayat (9)" in apply(changed, wrong)


CITING = """#### Pasal 1
Cuti diberikan tiap tahun.

#### Pasal 2
Izin diberikan atasan.

#### Pasal 3
Sanksi dijatuhkan Wali Kota.

#### Pasal 4
Dalam hal {}, {}, dan {} tidak dilaksanakan, ditegur.
"""


@pytest.mark.parametrize("corrected", range(4))
def test_what_was_corrected_already_is_right(corrected: int) -> None:
    """Each new number is the old number of the next one, so that words alone would mislead."""
    before, after = ["Pasal 1", "Pasal 2", "Pasal 3"], ["Pasal 2", "Pasal 3", "Pasal 4"]
    old = first(CITING.format(*before))
    text = CITING.replace("#### Pasal 4", "#### Pasal 5").replace("#### Pasal 3", "#### Pasal 4")
    text = text.replace("#### Pasal 2", "#### Pasal 3").replace(
        "#### Pasal 1", "#### Pasal 1\nPeraturan ini mengatur kehadiran.\n\n#### Pasal 2"
    )
    said = [*after[:corrected], *before[corrected:]]
    changed = text.format(*said)
    wrong = corrections(old, carried(old, changed)[1])
    assert [one.words for one in wrong] == after[corrected:]


def test_two_that_changed_places_are_corrected_once() -> None:
    old = first(CITING.format("Pasal 1", "Pasal 3", "Pasal 2"))
    swapped = CITING.replace("Cuti diberikan tiap tahun.", "@").replace(
        "Sanksi dijatuhkan Wali Kota.", "Cuti diberikan tiap tahun."
    )
    swapped = swapped.replace("@", "Sanksi dijatuhkan Wali Kota.")
    changed = swapped.format("Pasal 1", "Pasal 3", "Pasal 2")
    wrong = corrections(old, carried(old, changed)[1])
    assert [one.words for one in wrong] == ["Pasal 3", "Pasal 1"]
    better = apply(changed, wrong)
    assert corrections(old, carried(old, better)[1]) == []


def test_a_paragraph_that_moved_to_another_article_is_cited_in_full() -> None:
    old = first(
        f"#### Pasal 1\n(1) {LEAVE}\n(2) Lihat ayat (1).\n\n#### Pasal 2\n(1) {DUTY}\n(2) x.\n"
    )
    changed = (
        f"#### Pasal 1\n(1) Lihat ayat (1).\n(2) y.\n\n#### Pasal 2\n(1) {DUTY}\n(2) {LEAVE}\n"
    )
    new = carried(old, changed)[1]
    assert [one.words for one in corrections(old, new)] == ["Pasal 2 ayat (2)"]


def test_what_is_gone_has_no_right_words() -> None:
    source = f"#### Pasal 1\n{LEAVE}\n\n#### Pasal 2\n{DUTY}\n\n#### Pasal 3\nLihat Pasal 1.\n"
    old = first(source)
    changed = f"#### Pasal 1\n{DUTY}\n\n#### Pasal 2\nLihat Pasal 1.\n"
    wrong = corrections(old, carried(old, changed)[1])
    assert [(one.key, one.words) for one in wrong] == [("Pasal 1", "")]
    assert apply(changed, wrong) == changed


WORDS = st.lists(
    st.sampled_from(
        ["Pasal 1", "Pasal 2\n", "ayat (1)", "huruf a", "dan", ",", " ", "\n(1) ", "a. ", "(2)",
         "#### Pasal 3\n", "sampai dengan", "BAB I", "Lampiran", "Undang-Undang Nomor 1", "angka 2"]
    ),
    max_size=30,
).map("".join)  # fmt: skip


@given(WORDS | st.text())
def test_references_are_stretches_of_the_source_in_order(source: str) -> None:
    outline = split(source)
    at = 0
    one: Reference
    for one in references(outline):
        assert at <= one.start < one.end <= len(source)
        at = one.start
        assert (one.state == "found") == bool(one.targets)


@given(WORDS)
def test_nothing_changed_means_nothing_to_correct(source: str) -> None:
    entries = first(source)
    assert corrections(entries, entries) == []


def test_hostile_words_take_linear_time() -> None:
    for words in ("Pasal 1, ", "ayat (1) dan ", "Pasal " * 3, "dan/atau ", "huruf a ", " " * 40):
        assert len(mentions(words * 20_000)) <= 20_000
