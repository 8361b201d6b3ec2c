"""What counts as a word, and that cutting loses nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyforum.text.alignment import align
from policyforum.text.increasing import longest_increasing
from policyforum.text.words import count, is_word, pack, tokenise, unpack, words_of


@pytest.mark.parametrize(
    "text, words",
    [
        ("Rp1.250.000,00 per bulan", ["Rp1.250.000,00", "per", "bulan"]),
        ("30 (tiga puluh) hari", ["30", "tiga", "puluh", "hari"]),
        ("Undang-Undang *penting*_sekali_", ["Undang", "Undang", "penting", "sekali"]),
        ("sebesar 12,5% atau 1.000 orang", ["sebesar", "12,5", "atau", "1.000", "orang"]),
        ("条例第三条", list("条例第三条")),
        ("  \n", []),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert words_of(text) == words
    assert count(text) == len(words)


@given(st.text())
def test_tokens_and_the_space_between_them_are_the_text(text: str) -> None:
    words = tokenise(text)
    rebuilt = text[: words.starts[0]]
    for at, core in enumerate(words.cores):
        gap = text[words.starts[at] + len(core) : words.starts[at + 1]]
        assert not gap.strip()
        rebuilt += core + gap
    assert rebuilt == text


@given(st.text())
def test_stored_tokens_are_those_of_the_text(text: str) -> None:
    words, stored = tokenise(text), unpack(text, pack(tokenise(text)))
    assert (stored.cores, stored.ids, list(stored.starts)) == (
        words.cores,
        words.ids,
        list(words.starts),
    )
    assert words.count(0, len(words)) == sum(map(is_word, words.cores)) == count(text)


@pytest.mark.parametrize("text", ["", "dua kata", "kata " * 20_000])
@pytest.mark.parametrize("packed", [b"", b"\x00", b"\x00 of an older version"])
def test_tokens_stored_another_way_are_cut_anew(text: str, packed: bytes) -> None:
    assert unpack(text, packed).cores == text.split()
    assert unpack(text, pack(tokenise(text))).cores == text.split()


@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abc")))
def test_aligned_tokens_are_equal_and_in_order(old: list[str], new: list[str]) -> None:
    at_old = at_new = 0
    for block in align(old, new):
        assert block.old >= at_old
        assert block.new >= at_new
        assert old[block.old : block.old + block.size] == new[block.new : block.new + block.size]
        at_old, at_new = block.old + block.size, block.new + block.size


def test_sequences_too_large_to_compare_at_once_are_cut_at_what_is_unique() -> None:
    old = [str(number) for number in range(6000)]
    new = [*old[3000:], "new", *old[:3000]]
    assert sum(block.size for block in align(old, new)) == 3000


def test_the_heavier_of_two_crossing_runs_stays() -> None:
    assert longest_increasing([2, 0, 1]) == [1, 2]
    assert longest_increasing([2, 0, 1], [9, 1, 1]) == [0]
