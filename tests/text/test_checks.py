"""Drafting rules: what breaks them is found where it stands, and fixed where that is safe."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyforum.text.checks import check
from policyforum.text.fixes import Fix, applied
from policyforum.text.sections import split
from policyforum.text.spelled import LARGEST, spelled, spelled_figure

ARTICLE = "#### Pasal 1\n{}\n\n#### Pasal 2\nPeraturan ini berlaku.\n"


def flaws(words: str) -> list[tuple[str, str, str | None]]:
    """Rule, words and fix of every flaw of an article."""
    source = ARTICLE.format(words)
    return [(one.code, source[one.start : one.end], one.fix) for one in check(split(source))]


@pytest.mark.parametrize(
    "number, words",
    [
        (0, "nol"), (11, "sebelas"), (12, "dua belas"), (20, "dua puluh"), (100, "seratus"),
        (119, "seratus sembilan belas"), (1000, "seribu"), (2023, "dua ribu dua puluh tiga"),
        (1_001_000, "satu juta seribu"), (500_000_000, "lima ratus juta"),
    ],
)  # fmt: skip
def test_numbers_in_words(number: int, words: str) -> None:
    assert spelled(number) == words


def test_figures_in_words() -> None:
    assert spelled_figure("1.250") == "seribu dua ratus lima puluh"
    assert spelled_figure("12,5") == "dua belas koma lima"


@given(st.integers(0, LARGEST), st.integers(0, LARGEST))
def test_different_numbers_have_different_words(one: int, other: int) -> None:
    assert (spelled(one) == spelled(other)) == (one == other)


@pytest.mark.parametrize("number", [-1, LARGEST + 1])
def test_numbers_out_of_reach_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="out of reach"):
        spelled(number)


@pytest.mark.parametrize(
    "words, wanted",
    [
        ("Paling lama 30 (tiga puluh) hari sejak tahun 2023.", []),
        (
            "Paling lama 30 hari.",
            [("number_unspelled", "30", "30 (tiga puluh)")],
        ),
        (
            "Paling lama 14 (tiga belas) hari.",
            [("number_misspelled", "tiga belas", "empat belas")],
        ),
        (
            "Sebesar 5% (enam persen) dari gaji.",
            [("number_misspelled", "enam persen", "lima persen")],
        ),
        (
            "Sebesar Rp500.000,00 setiap bulan.",
            [("number_unspelled", "Rp500.000,00", "Rp500.000,00 (lima ratus ribu rupiah)")],
        ),
        ("Sebesar Rp500.000,00 (lima ratus ribu rupiah).", []),
        ("Sebagaimana dimaksud dalam Pasal 9.", [("reference_dangling", "Pasal 9", None)]),
        (
            "Sebagaimana dimaksud pada Pasal 2.",
            [("reference_preposition", "pada", "dalam")],
        ),
        ("Ketentuan Pasal 1 s.d. Pasal 2 berlaku.", [("run_abbreviated", "s.d.", "sampai dengan")]),
        ("Ketentuan dalam Pasal ini berlaku.", [("cites_itself", "Pasal ini", None)]),
        (
            "(1) Satu.\n(2) Dua.\n(3) Menurut ayat (1) dan (2).",
            [("reference_bare", "(2)", "ayat (2)")],
        ),
    ],
)
def test_numbers_and_citations(words: str, wanted: list[tuple[str, str, str | None]]) -> None:
    assert flaws(words) == wanted


def test_a_list_as_it_should_be() -> None:
    assert flaws("Cuti terdiri atas:\na. cuti tahunan;\nb. cuti sakit; dan\nc. cuti besar.") == []


def test_a_list_with_every_flaw() -> None:
    assert flaws("Cuti terdiri atas.\na. cuti tahunan,\nb. cuti sakit\nc. cuti besar;") == [
        ("lead_in_colon", ".", ":"),
        ("item_semicolon", ",", ";"),
        ("item_semicolon", "t", "t;"),
        ("item_unjoined", "t", None),
        ("item_full_stop", ";", "."),
    ]


def test_definitions_are_used_and_abbreviations_explained() -> None:
    words = (
        "Dalam peraturan ini yang dimaksud dengan:\n"
        "1. Cuti Besar adalah cuti tiga bulan.\n"
        "2. Pegawai Negeri Sipil yang selanjutnya disingkat PNS adalah pegawai tetap.\n"
        "3. Unit Kerja adalah bagian dari dinas.\n\n"
        "#### Pasal 2\nPNS bekerja pada Unit Kerja menurut SKP dan TPP.\n\n"
        "#### Pasal 3\nSKP dinilai tiap tahun."
    )
    found = [(code, words) for code, words, _ in flaws(words)]
    assert found == [
        ("term_unused", "1. Cuti Besar adalah cuti tiga bulan."),
        ("term_undefined", "SKP"),
    ]


def test_the_number_of_a_dictum_is_no_abbreviation() -> None:
    source = (
        "MEMUTUSKAN:\nMenetapkan :\nKESATU : Membentuk tim.\n"
        "KEDUA : Tim dalam Diktum KESATU bekerja.\nKETIGA : Tim dalam Diktum KESATU melapor.\n"
    )
    assert check(split(source)) == []


def test_recitals_and_plain_texts_have_other_rules() -> None:
    assert check(split("# Pedoman\n\nPaling lama 30 hari, lihat Pasal 9.\n")) == []


WORDS = st.lists(
    st.sampled_from(
        ["#### Pasal 1\n", "#### Pasal 2\n", "(1) ", "a. ", "b. ", "c. ", "kata", " ", ";\n", ".\n",
         ":\n", "30 hari ", "5 (enam) ", "pada ayat (1) ", "Pasal 9 ", "Rp1.000 ", "s.d. ", "ABC "]
    ),
    max_size=25,
).map("".join)  # fmt: skip


@given(WORDS | st.text())
def test_a_fix_takes_its_flaw_away(source: str) -> None:
    for flaw in check(split(source)):
        assert 0 <= flaw.start < flaw.end <= len(source)
        if flaw.fix is not None:
            better = applied(source, [Fix(flaw.start, flaw.end, flaw.fix, flaw.code)])
            assert better != source
            left = [(one.code, one.start) for one in check(split(better))]
            assert (flaw.code, flaw.start) not in left or flaw.code == "item_unjoined"
