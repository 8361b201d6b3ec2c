"""Indonesian legal texts: the tree, the citations and the doubts, case by case."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyforum.text import kinds
from policyforum.text.sections import Outline, join, split
from tests.text.outlines import codes, labels, tree


def body(*lines: str) -> Outline:
    """The outline of a text whose first line is Pasal 1 unless told otherwise."""
    return split("\n".join(lines) + "\n")


def own(outline: Outline, label: str) -> str:
    return next(section.text for section in outline.sections if section.label == label)


def test_the_draft_on_scholarships(test_data: Path) -> None:
    source = (test_data / "id-structure" / "rancangan-beasiswa.md").read_text()

    outline = split(source)

    assert tree(outline) == [
        "preamble",
        "  menimbang",
        "    huruf a",
        "    huruf b",
        "  mengingat",
        "    angka 1",
        "    angka 2",
        "  menetapkan",
        "bab I",
        "  pasal 1",
        "    angka 1",
        "    angka 2",
        "      huruf a",
        "      huruf b",
        "    angka 3",
        "bab II",
        "  bagian Kesatu",
        "    paragraf 1",
        "      pasal 2",
        "        ayat 1",
        "          huruf a",
        "            angka 1",
        "            angka 2",
        "              hurufp a",
        "              hurufp b",
        "                angkap 1",
        "                angkap 2",
        "          huruf b",
        "          ekor",
        "        ayat 1a",
        "        ayat 2",
        "      pasal 3",
        "penutup",
    ]
    assert codes(outline) == [(56, "W-URUT")]
    assert outline.warnings[0].args["words"].startswith("dr. yang")
    assert "Pasal 2 ayat (1) huruf a angka 2 huruf b) angka 1)" in labels(outline)
    assert own(outline, "Pasal 2 ayat (1) kalimat penutup").startswith("wajib mengajukan")
    assert [s.heading for s in outline.sections if s.heading] == [
        "KETENTUAN UMUM",
        "BEASISWA DAN TUGAS BELAJAR",
        "Umum",
        "Persyaratan",
    ]


AMENDMENT = """\
RANCANGAN PERATURAN WALI KOTA BANDUNG
TENTANG
PERUBAHAN ATAS PERATURAN WALI KOTA NOMOR 12 TAHUN 2023

Menimbang : bahwa perlu perubahan;
Mengingat : Pasal 18 ayat (6) Undang-Undang Dasar;
M E M U T U S K A N :
Menetapkan : PERATURAN WALI KOTA TENTANG PERUBAHAN.

Pasal I

Beberapa ketentuan dalam Peraturan Wali Kota Nomor 12 Tahun 2023 diubah sebagai berikut:

1. Ketentuan Pasal 1 diubah sehingga berbunyi sebagai berikut:

Pasal 1

Dalam Peraturan Wali Kota ini yang dimaksud dengan:
1. Daerah adalah Daerah Kota Bandung.
2. Wali Kota adalah Wali Kota Bandung.
3. Badan adalah badan kepegawaian.

2. Di antara Pasal 5 dan Pasal 6 disisipkan 1 (satu) pasal, yakni Pasal 5A
sehingga berbunyi sebagai berikut:

> Pasal 5A
>
> Pegawai ASN dapat mengikuti pelatihan daring.

3. Pasal 12 dihapus.
4. Ketentuan ayat (3) Pasal 14 diubah dan disisipkan ayat (3a) sehingga berbunyi sebagai berikut:

Pasal 14

(1) Satu.
(2) Dua.
(3) Tiga.
(3a) Tiga a.
(4) Empat.

5. Setelah BAB IV ditambahkan 1 (satu) bab, yakni BAB V sehingga berbunyi sebagai berikut:

BAB V
SANKSI

Pasal 20
Sanksi berupa teguran.

Pasal II
Peraturan Wali Kota ini mulai berlaku pada tanggal diundangkan.
"""


def test_an_amendment_quotes_articles_under_its_instructions() -> None:
    outline = split(AMENDMENT)

    assert tree(outline) == [
        "preamble",
        "  menimbang",
        "  mengingat",
        "  menetapkan",
        "pasal I",
        "  instruksi 1",
        "    pasal 1",
        "      angka 1",
        "      angka 2",
        "      angka 3",
        "  instruksi 2",
        "    pasal 5A",
        "  instruksi 3",
        "  instruksi 4",
        "    pasal 14",
        "      ayat 1",
        "      ayat 2",
        "      ayat 3",
        "      ayat 3a",
        "      ayat 4",
        "  instruksi 5",
        "    bab V",
        "      pasal 20",
        "pasal II",
    ]
    assert "Pasal I angka 4 Pasal 14 ayat (3a)" in labels(outline)
    assert "Pasal I angka 5 BAB V" in labels(outline)
    assert outline.warnings == ()
    assert join(outline.sections) == AMENDMENT


def test_an_amendment_of_one_article_needs_no_number() -> None:
    outline = body(
        "PERUBAHAN ATAS PERATURAN WALI KOTA",
        "Pasal I",
        "Ketentuan Pasal 5 diubah sehingga berbunyi sebagai berikut:",
        "Pasal 5",
        "Teks.",
        "Pasal II",
        "Berlaku.",
    )

    assert tree(outline) == ["preamble", "pasal I", "  pasal 5", "pasal II"]


def test_an_omnibus_article_quotes_too_until_the_next_of_its_own() -> None:
    outline = body(
        "Pasal 17",
        "Beberapa ketentuan dalam Undang-Undang Nomor 26 Tahun 2007 diubah sebagai berikut:",
        "1. Ketentuan Pasal 1 diubah sehingga berbunyi sebagai berikut:",
        "Pasal 1",
        "Ruang adalah wadah.",
        "Pasal 18",
        "Cukup.",
    )

    assert tree(outline) == ["pasal 17", "  instruksi 1", "    pasal 1", "pasal 18"]


@pytest.mark.parametrize(
    "head", ["Pasal 12A", "Pasal 12 A", "**Pasal 12A**", "###### Pasal 12A {#p}"]
)
def test_an_inserted_article(head: str) -> None:
    outline = body("Pasal 12", "Teks.", head, "Teks.")

    assert [section.number for section in outline.sections] == ["12", "12A"]
    assert outline.warnings == ()


@pytest.mark.parametrize(
    "line",
    [
        "Pasal 5 ayat (2) huruf b berlaku juga.",
        "Pasal 5,",
        "Pasal 5 dan Pasal 6",
        "Pasal 5.",
        "BAB II berlaku mutatis mutandis.",
        "BAB II JAM KERJA .......... 3",
        "BAB III CUTI . . . . . . 12",
        "Bagian Hukum",
        "Bagian Keuangan",
        "Paragraf 1 berlaku juga.",
        "a.n. WALI KOTA BANDUNG",
        "s.d. tanggal 5",
        "u.b. Sekretaris",
        "1.000 orang",
        "| a. | b |",
    ],
)
def test_lines_that_only_look_like_structure(line: str) -> None:
    outline = body("Pasal 1", "Teks yang", line)

    assert tree(outline) == ["pasal 1"]
    assert outline.warnings == ()


@pytest.mark.parametrize(
    "before", ["sebagaimana dimaksud dalam", "diatur dalam Pasal 4 dan", "menurut"]
)
def test_a_reference_broken_over_two_lines_opens_nothing(before: str) -> None:
    assert tree(body("Pasal 1", before, "Pasal 5", "Teks.")) == ["pasal 1"]


def test_an_ayat_named_at_a_line_start_opens_nothing() -> None:
    outline = body(
        "Pasal 1", "(1) Satu.", "(2) Sebagaimana dimaksud pada ayat", "(1) dan seterusnya."
    )

    assert tree(outline) == ["pasal 1", "  ayat 1", "  ayat 2"]
    assert outline.warnings == ()


def test_a_roman_article_outside_an_amendment_is_a_misread_one() -> None:
    outline = body("BAB I", "UMUM", "Pasal I", "Teks.", "Pasal 2", "Teks.")

    assert labels(outline) == ["BAB I", "Pasal 1", "Pasal 2"]
    assert codes(outline) == [(3, "W-ANGKA")]


def test_chapters_with_suffixes_and_the_ninetieth() -> None:
    outline = body("BAB VII", "A", "BAB VIIA", "B", "BAB VIII", "C")
    assert [section.number for section in outline.sections] == ["VII", "VIIA", "VIII"]
    assert outline.warnings == ()

    assert codes(body("BAB LXXXIX", "A", "BAB XC", "B")) == []
    assert codes(body("BAB X", "A", "BAB XC", "B")) == [(3, "W-URUT")]
    assert codes(body("BAB XB", "A", "BAB XC", "B")) == []


@pytest.mark.parametrize(
    "ordinal, following",
    [
        ("Kesatu", "Kedua"),
        ("Pertama", "Kedua"),
        ("Kesembilan", "Kesepuluh"),
        ("Kesepuluh", "Kesebelas"),
        ("Kesebelas", "Kedua Belas"),
        ("Kesembilan Belas", "Kedua Puluh"),
        ("Kedua Puluh", "Kedua Puluh Satu"),
    ],
)
def test_ordinals_in_words(ordinal: str, following: str) -> None:
    outline = body("BAB I", "UMUM", f"Bagian {ordinal}", "Judul", f"Bagian {following}", "Judul")

    assert [section.number for section in outline.sections[1:]] == [ordinal, following]
    assert outline.warnings == ()
    assert outline.sections[1].label == f"BAB I Bagian {ordinal}"


def test_titles_on_the_same_line_and_over_two_lines() -> None:
    outline = body(
        "## BAB I KETENTUAN UMUM",
        "### Bagian Kesatu – Hak dan Kewajiban",
        "BAB II",
        "",
        "PENGADAAN",
        "",
        "DAN SELEKSI",
        "",
        "Bagian Kesatu",
        "Umum",
        "",
        "Pasal 1",
        "Teks.",
    )

    assert [section.heading for section in outline.sections] == [
        "KETENTUAN UMUM",
        "Hak dan Kewajiban",
        "PENGADAAN DAN SELEKSI",
        "Umum",
        "",
    ]


def test_heading_level_is_ignored() -> None:
    outline = body(
        "###### BAB I", "UMUM", "# Pasal 1", "Teks.", "## BAB II", "LAIN", "Pasal 2", "Teks."
    )

    assert tree(outline) == ["bab I", "  pasal 1", "bab II", "  pasal 2"]


def test_an_article_may_carry_a_title_in_its_heading() -> None:
    assert body("### Pasal 3 – Hak", "Teks.").sections[0].heading == "Hak"


@pytest.mark.parametrize(
    "lines",
    [
        ["Menimbang : a. bahwa satu;", "b. bahwa dua;"],
        ["Menimbang: a. bahwa satu;", "b. bahwa dua;"],
        ["Menimbang", "a. bahwa satu;", "b. bahwa dua;"],
        ["**Menimbang** :", "", "a. bahwa satu;", "", "b. bahwa dua;"],
        ["Menimbang :", "Menimbang :", "a. bahwa satu;", "b. bahwa dua;"],
    ],
)
def test_recitals_however_the_colon_stands(lines: list[str]) -> None:
    outline = body(*lines, "MEMUTUSKAN:", "Pasal 1", "Teks.")

    assert labels(outline)[:3] == ["Menimbang", "Menimbang huruf a", "Menimbang huruf b"]
    assert own(outline, "Menimbang huruf a").startswith("a. bahwa satu;")


def test_an_ayat_or_article_in_the_legal_basis_is_text() -> None:
    outline = body(
        "Menimbang : bahwa perlu;",
        "(1) bukan ayat",
        "Mengingat :",
        "1. Undang-Undang Dasar;",
        "Pasal 18",
        "2. Undang-Undang Nomor 20 Tahun 2023;",
        "MEMUTUSKAN:",
        "Pasal 1",
        "Teks.",
    )

    assert tree(outline) == [
        "menimbang",
        "mengingat",
        "  angka 1",
        "  angka 2",
        "menetapkan",
        "pasal 1",
    ]


def test_the_approval_of_the_council_is_no_legal_basis() -> None:
    outline = body(
        "Mengingat : 1. Undang-Undang Dasar;",
        "Dengan Persetujuan Bersama",
        "DEWAN PERWAKILAN RAKYAT DAERAH KOTA BANDUNG",
        "MEMUTUSKAN:",
        "Menetapkan : PERATURAN DAERAH.",
        "Pasal 1",
        "Teks.",
    )

    assert tree(outline) == ["mengingat", "  angka 1", "menetapkan", "pasal 1"]


def test_the_letter_i_after_h() -> None:
    markers = "abcdefghij"
    outline = body("Pasal 1", "Teks:", *(f"{marker}. butir;" for marker in markers))

    assert [section.number for section in outline.sections[1:]] == list(markers)
    assert outline.warnings == ()


def test_the_27th_letter() -> None:
    markers = [*"abcdefghijklmnopqrstuvwxyz", "aa", "ab"]
    outline = body("Pasal 1", "Teks:", *(f"{marker}. butir;" for marker in markers))

    assert [section.number for section in outline.sections[1:]] == markers


def test_inserted_items() -> None:
    outline = body("Pasal 1", "(1) Satu:", "a. x;", "a1. y;", "b. z.", "(1a) Satu a.", "(2) Dua.")

    assert [section.number for section in outline.sections[1:]] == ["1", "a", "a1", "b", "1a", "2"]
    assert outline.warnings == ()


def test_a_deleted_article_keeps_its_number() -> None:
    outline = body("Pasal 8", "Teks.", "Pasal 9", "Dihapus.", "Pasal 10", "Teks.")

    assert labels(outline) == ["Pasal 8", "Pasal 9", "Pasal 10"]
    assert outline.warnings == ()


def test_escaped_bulleted_and_bold_markers() -> None:
    outline = body("Pasal 1", "\\(1\\) Satu:", "- a. x;", "* b. y.", "**(2)** Dua:", "1\\. z.")

    assert tree(outline) == [
        "pasal 1",
        "  ayat 1",
        "    huruf a",
        "    huruf b",
        "  ayat 2",
        "    angka 1",
    ]


def test_lazy_numbering_is_told_not_guessed() -> None:
    outline = body("Pasal 1", "Teks:", "1. satu;", "1. dua;", "1. tiga.")

    assert tree(outline) == ["pasal 1", "  angka 1", "  angka 1", "  angka 1"]
    assert codes(outline) == [(4, "W-ULANG"), (5, "W-ULANG")]


def test_a_second_list_in_one_article_is_kept() -> None:
    outline = body("Pasal 1", "Syarat:", "a. x;", "b. y.", "Dokumen:", "a. z.")

    assert tree(outline) == ["pasal 1", "  huruf a", "  huruf b", "  huruf a"]
    assert codes(outline) == [(6, "W-ULANG")]


@pytest.mark.parametrize("tail", ["wajib melapor.", "dikenai sanksi."])
def test_words_after_a_list_belong_to_its_ayat(tail: str) -> None:
    outline = body("Pasal 1", "(1) Setiap orang yang:", "a. x;", "b. y,", "", tail, "(2) Dua.")

    assert tree(outline) == [
        "pasal 1",
        "  ayat 1",
        "    huruf a",
        "    huruf b",
        "    ekor",
        "  ayat 2",
    ]


def test_a_wrapped_item_is_no_closing_phrase() -> None:
    outline = body("Pasal 1", "Teks:", "a. satu,", "dua; dan", "b. tiga yang", "", "terus.")

    assert tree(outline) == ["pasal 1", "  huruf a", "  huruf b"]


def test_a_list_goes_on_after_a_paragraph_inside_it() -> None:
    outline = body("Pasal 1", "Teks:", "a. satu.", "", "Kalimat di antaranya.", "", "b. dua.")

    assert tree(outline) == ["pasal 1", "  huruf a", "  ekor", "  huruf b"]
    assert outline.warnings == ()


def test_a_list_after_a_closing_phrase_stands_under_it_and_is_told() -> None:
    outline = body("Pasal 1", "Syarat:", "a. x;", "b. y,", "", "wajib melampirkan:", "a. z.")

    assert tree(outline) == ["pasal 1", "  huruf a", "  huruf b", "  ekor", "    huruf a"]
    assert codes(outline) == [(7, "W-ULANG")]


def test_a_list_that_begins_on_its_leads_line_is_found_by_its_second_item() -> None:
    outline = body("Pasal 1", "(1) Syarat meliputi: a. x;", "b. y.")

    assert tree(outline) == ["pasal 1", "  ayat 1", "    huruf a", "    huruf b"]
    assert codes(outline) == [(2, "W-BARIS")]


def test_debris_before_the_first_ayat_does_not_hide_the_others() -> None:
    outline = body("Pasal 4", "", "13 (1) Satu.", "(2) Dua:", "a. x;", "b. y.", "(3) Tiga.")

    assert tree(outline) == [
        "pasal 4",
        "  ayat 1",
        "  ayat 2",
        "    huruf a",
        "    huruf b",
        "  ayat 3",
    ]
    assert codes(outline) == [(3, "W-BARIS")]


def test_a_lost_first_ayat_does_not_hide_the_others() -> None:
    outline = body("Pasal 4", "Satu.", "(2) Dua.", "(3) Tiga.")

    assert tree(outline) == ["pasal 4", "  ayat 2", "  ayat 3"]
    assert codes(outline) == [(3, "W-URUT")]


def test_a_list_without_a_colon_is_found_by_its_second_item() -> None:
    outline = body("Pasal 1", "(1) Tidak termasuk adalah a. harta x;", "b. warisan.")

    assert tree(outline) == ["pasal 1", "  ayat 1", "    huruf a", "    huruf b"]


def test_a_marker_right_after_a_marker_opens_a_list_inside() -> None:
    outline = body("Pasal 1", "a. 1) satu;", "2) dua;", "b. tiga.")

    assert tree(outline) == ["pasal 1", "  huruf a", "    angkap 1", "    angkap 2", "  huruf b"]


def test_a_small_gap_is_kept_as_structure_and_told() -> None:
    outline = body("Pasal 1", "a. x;", "b. y;", "d. z.", "Pasal 3", "(1) Satu.", "(3) Tiga.")

    assert tree(outline) == [
        "pasal 1",
        "  huruf a",
        "  huruf b",
        "  huruf d",
        "pasal 3",
        "  ayat 1",
        "  ayat 3",
    ]
    assert codes(outline) == [(4, "W-URUT"), (5, "W-URUT"), (7, "W-URUT")]


def test_a_mayoral_decision_has_diktums() -> None:
    source = (
        "KEPUTUSAN WALI KOTA BANDUNG\nMenimbang : bahwa perlu;\nMEMUTUSKAN:\nMenetapkan :\n"
        "KESATU : Membentuk tim dengan tugas:\na. satu; dan\nb. dua.\nKEDUA\t: Biaya.\n"
        "KETIGA : Berlaku.\nDitetapkan di Bandung\nLAMPIRAN\nKEPUTUSAN WALI KOTA\n# Susunan\n"
    )

    outline = split(source)

    assert tree(outline) == [
        "preamble",
        "  menimbang",
        "  menetapkan",
        "diktum KESATU",
        "  huruf a",
        "  huruf b",
        "diktum KEDUA",
        "diktum KETIGA",
        "penutup",
        "lampiran",
        "  heading",
    ]
    assert "Diktum KESATU huruf b" in labels(outline)


ELUCIDATED = """\
BAB I
UMUM
Pasal 1
(1) Satu.
Pasal 2
Teks.
Agar setiap orang mengetahuinya, memerintahkan pengundangan.
Ditetapkan di Bandung
PENJELASAN
ATAS
RANCANGAN PERATURAN DAERAH
I. UMUM
Kata umum.
Pasal 5 disebut di sini.
II. PASAL DEMI PASAL
Pasal 1
Ayat (1)
Huruf a
Cukup jelas.
Huruf b
Angka 1
Yang dimaksud dengan x.
Ayat (2) Cukup jelas.
Pasal 2
Cukup jelas.
LAMPIRAN II
PERATURAN DAERAH
BAB I
Isi lampiran
"""


def test_the_elucidation_makes_no_second_articles() -> None:
    outline = split(ELUCIDATED)

    assert labels(outline) == [
        "BAB I",
        "Pasal 1",
        "Pasal 1 ayat (1)",
        "Pasal 2",
        "Penutup",
        "Penjelasan",
        "Penjelasan Umum",
        "Penjelasan Pasal demi Pasal",
        "Penjelasan Pasal 1",
        "Penjelasan Pasal 1 ayat (1)",
        "Penjelasan Pasal 1 ayat (1) huruf a",
        "Penjelasan Pasal 1 ayat (1) huruf b",
        "Penjelasan Pasal 1 ayat (1) huruf b angka 1",
        "Penjelasan Pasal 1 ayat (2)",
        "Penjelasan Pasal 2",
        "Lampiran II",
        "Lampiran II BAB I",
    ]
    assert [s.label for s in outline.sections if s.kind == kinds.PASAL] == ["Pasal 1", "Pasal 2"]


def test_the_elucidation_of_an_amendment_nests_articles_under_instructions() -> None:
    outline = split(
        AMENDMENT + "Ditetapkan di Bandung\nPENJELASAN\nII. PASAL DEMI PASAL\nPasal I\nAngka 1\n"
        "Pasal 1\nCukup jelas.\nAngka 2\nPasal 5A\nAyat (1)\nCukup jelas.\nPasal II\nCukup jelas.\n"
    )

    assert labels(outline)[-8:] == [
        "Penjelasan Pasal demi Pasal",
        "Penjelasan Pasal I",
        "Penjelasan Pasal I angka 1",
        "Penjelasan Pasal I angka 1 Pasal 1",
        "Penjelasan Pasal I angka 2",
        "Penjelasan Pasal I angka 2 Pasal 5A",
        "Penjelasan Pasal I angka 2 Pasal 5A ayat (1)",
        "Penjelasan Pasal II",
    ]


def test_page_debris_stays_text_and_opens_nothing() -> None:
    outline = body(
        "Pasal 1",
        "(1) Satu.",
        "Pasal 2 . . .",
        "- 2 -",
        "SALINAN",
        "Pasal 2",
        "Teks:",
        "a. x;",
        "b. bahwa . . .",
        "3/10",
        "b. bahwa y.",
    )

    assert tree(outline) == ["pasal 1", "  ayat 1", "pasal 2", "  huruf a", "  huruf b"]
    assert outline.warnings == ()
    assert "- 2 -" in own(outline, "Pasal 1 ayat (1)")


def test_a_chapter_named_twice_at_a_page_break_is_one() -> None:
    outline = body("BAB IV", "BAB IV PANGKAT DAN JABATAN", "Pasal 1", "Pasal 1", "Teks.")

    assert tree(outline) == ["bab IV", "  pasal 1"]
    assert outline.sections[0].heading == "PANGKAT DAN JABATAN"


def test_an_article_that_begins_like_the_closing_formula_is_an_article() -> None:
    formula = "Agar setiap orang mengetahuinya, peraturan diundangkan."
    outline = body("BAB I", "UMUM", "Pasal 1", formula, "Pasal 2", "Teks.", formula)
    assert [section.kind for section in outline.sections] == ["bab", "pasal", "pasal", "penutup"]
    assert outline.sections[2].parent == 0


def test_a_scan_whose_every_head_is_in_the_middle_of_a_line_is_told() -> None:
    source = (
        "Menimbang :\na. bahwa perlu. MEMUTUSKAN : BAB I UMUM Pasal 1 Satu. Pasal 2 Dua.\n"
        "Lanjutan. Pasal 3 Tiga.\n"
    )
    outline = split(source)
    assert join(outline.sections) == source
    found = [(finding.line, finding.args["words"]) for finding in outline.warnings]
    assert found == [(2, "BAB I"), (2, "Pasal 2"), (3, "Pasal 3")]


def test_structure_in_the_middle_of_a_line_is_told() -> None:
    outline = body("Pasal 1", "Teks pertama. Pasal 2 Teks kedua.", "BAB II TUGAS Pasal 3 Teks.")

    assert codes(outline) == [(2, "W-BARIS"), (3, "W-BARIS")]
    assert outline.sections[-1].heading == "TUGAS"


def test_generic_headings_between_articles_are_sections() -> None:
    outline = body(
        "## BAB I",
        "UMUM",
        "### Pasal 1",
        "Teks.",
        "### Catatan",
        "Kata.",
        "#### Rinci",
        "Kata.",
        "## BAB II",
        "LAIN",
        "Pasal 2",
        "Teks.",
    )

    assert tree(outline) == [
        "bab I",
        "  pasal 1",
        "  heading",
        "    heading",
        "bab II",
        "  pasal 2",
    ]


def test_one_article_line_in_an_essay_is_no_legal_text() -> None:
    outline = body("# Latar", "Lihat", "", "Pasal 5", "", "# Tujuan", "Kata.")

    assert tree(outline) == ["heading", "heading"]


def test_structure_in_a_closed_fence_is_text() -> None:
    assert tree(body("Pasal 1", "Contoh:", "```", "Pasal 2", "```")) == ["pasal 1"]
    assert tree(body("Pasal 1", "Contoh:", "```", "Pasal 2", "Teks.")) == ["pasal 1", "pasal 2"]


@pytest.mark.parametrize("name", ["id-uu-pemda", "id-uu-pembentukan-peraturan", "id-pp-dana-desa"])
def test_real_laws_number_their_articles_in_sequence(test_data: Path, name: str) -> None:
    outline = split((test_data / "docs" / name / "r001.md").read_text())

    numbers = [int(s.number) for s in outline.sections if s.kind == kinds.PASAL]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("name", ["id-raw-uu-cipta-kerja", "id-raw-pp-manajemen-pns"])
def test_scans_keep_body_and_elucidation_apart(test_data: Path, name: str) -> None:
    outline = split((test_data / "docs" / name / "r001.md").read_text())

    found = [section.kind for section in outline.sections]
    assert kinds.PASAL not in found[found.index(kinds.PENJELASAN) :]
    assert outline.warnings
