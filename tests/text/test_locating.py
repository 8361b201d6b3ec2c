"""Quotations are found in the source, whether copied from it or from the page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyforum.text.anchors import Anchor, describe, locate
from policyforum.text.visible import hidden, pieces

SOURCE = (
    "### Pasal 7\n"
    '(1) Pegawai **wajib** hadir [tepat waktu](https://a.example/jam "jam") setiap hari.\n'
    "(2) Pegawai yang tidak hadir:\n"
    "a. ditegur; dan\n"
    "b. dicatat &amp; dilaporkan.\n\n"
    "| Hari | Jam |\n|------|-----|\n| Senin | 07.30 |\n\n"
    "1. satu\n2. dua\n"
)


@pytest.mark.parametrize(
    "exact, found",
    [
        ("Pegawai **wajib** hadir", "Pegawai **wajib** hadir"),
        ("Pegawai wajib hadir", "Pegawai **wajib** hadir"),
        ("hadir tepat waktu setiap", 'hadir [tepat waktu](https://a.example/jam "jam") setiap'),
        ("hari.\u00a0(2)\u00a0Pegawai", "hari.\n(2) Pegawai"),
        ("ditegur; danb. dicatat", "ditegur; dan\nb. dicatat"),
        ("dicatat & dilaporkan", "dicatat &amp; dilaporkan"),
        ("Jam Senin", "Jam |\n|------|-----|\n| Senin"),
        ("satudua", "satu\n2. dua"),
        ("Pasal 7 (1)", "Pasal 7\n(1)"),
        ("wajib\u2014hadir", "wajib** hadir"),
    ],
)
def test_words_from_the_source_or_the_page_are_found(exact: str, found: str) -> None:
    place = locate(SOURCE, exact)
    assert place is not None
    assert SOURCE[slice(*place)] == found


@pytest.mark.parametrize("exact", ["", "  \n", "***", "tidak ada di sini"])
def test_what_is_not_there_is_not_found(exact: str) -> None:
    assert locate(SOURCE, exact) is None


def test_of_several_places_the_given_offset_wins() -> None:
    second = SOURCE.index("Pegawai", SOURCE.index("Pegawai") + 1)
    assert locate(SOURCE, "Pegawai", start=second) == (second, second + 7)


def test_of_several_places_the_surroundings_decide() -> None:
    place = locate(SOURCE, "hadir", prefix="Pegawai yang tidak ", suffix=": a. ditegur")
    assert place == (SOURCE.index("hadir:"), SOURCE.index("hadir:") + 5)


def test_the_surroundings_count_more_than_an_outdated_offset() -> None:
    place = locate(SOURCE, "hadir", prefix="Pegawai yang tidak ", suffix=":", start=3)
    assert place == (SOURCE.index("hadir:"), SOURCE.index("hadir:") + 5)


def test_only_what_stands_near_tells_which_occurrence_is_meant() -> None:
    near = "sebagaimana tercantum dalam daftar kedua dari lampiran peraturan ini, "
    text = f"kata pertama; {near}kata, {near}akhir"
    second = (14 + len(near), 18 + len(near))
    assert locate(text, "kata", prefix="z" * 5_000 + near) == second
    assert locate(text, "kata", suffix=", " + near + "z" * 5_000) == second


def test_an_anchor_knows_its_surroundings() -> None:
    anchor = describe("satu dua tiga", 5, 8)
    assert anchor == Anchor("dua", "satu ", " tiga", 5, 8)
    for start, end in ((3, 3), (-1, 2), (5, 99)):
        with pytest.raises(ValueError, match="stretch"):
            describe("satu dua tiga", start, end)


@given(st.text(st.sampled_from("ab *_`[]()<>&;#|-\\\n~!.1:"), max_size=60))
def test_visible_pieces_are_stretches_of_the_source_in_order(source: str) -> None:
    at = 0
    for piece in pieces(source):
        assert at <= piece.start <= piece.end <= len(source)
        at = piece.end
    assert len(hidden(source)) == len(source)


@given(st.text(st.sampled_from("ab *`[]()\n."), min_size=1, max_size=40), st.data())
def test_every_stretch_of_a_source_is_found_in_it(source: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(source) - 1))
    end = data.draw(st.integers(start + 1, len(source)))
    exact = source[start:end]
    place = locate(source, exact, source[:start], source[end:], start)
    if exact.strip():
        assert place is not None
        assert source[slice(*place)] == exact.strip()
