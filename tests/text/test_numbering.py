"""Numbers of Indonesian law: their values and what may follow what."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyforum.text.numbering import chapter_numbers, follows, letters, ordinal, roman


@pytest.mark.parametrize(
    "numeral, value", [("I", 1), ("IV", 4), ("IX", 9), ("XL", 40), ("XC", 90), ("MCMXCIX", 1999)]
)
def test_roman(numeral: str, value: int) -> None:
    assert roman(numeral) == value


@pytest.mark.parametrize(
    "words, value",
    [
        ("Kesatu", 1),
        ("Pertama", 1),
        ("KEDUA", 2),
        ("Kesepuluh", 10),
        ("Kesebelas", 11),
        ("Kedua Belas", 12),
        ("Kesembilan Belas", 19),
        ("Kedua Puluh", 20),
        ("Kedua Puluh Satu", 21),
        ("Ketiga Puluh Kesembilan", 39),
    ],
)
def test_ordinals(words: str, value: int) -> None:
    assert ordinal(words) == value


@pytest.mark.parametrize("marker, value", [("a", 1), ("z", 26), ("aa", 27), ("az", 52), ("ba", 53)])
def test_letters(marker: str, value: int) -> None:
    assert letters(marker) == value


def test_readings_of_a_chapter_number() -> None:
    assert chapter_numbers("VIIA") == ((7, "A"),)
    assert chapter_numbers("XC") == ((90, ""), (10, "C"))
    assert chapter_numbers("IIII") == ()


@pytest.mark.parametrize(
    "before, after, expected",
    [
        (None, (1, ""), True),
        (None, (2, ""), False),
        ((1, ""), (2, ""), True),
        ((1, ""), (1, "a"), True),
        ((1, "a"), (1, "b"), True),
        ((1, "a"), (2, ""), True),
        ((42, "Z"), (42, "AA"), True),
        ((1, ""), (1, "1"), True),
        ((1, ""), (1, ""), False),
        ((1, ""), (3, ""), False),
        ((1, ""), (2, "a"), False),
        ((1, "a"), (1, "c"), False),
    ],
)
def test_what_follows_what(
    before: tuple[int, str] | None, after: tuple[int, str], expected: bool
) -> None:
    assert follows(before, after) is expected


@given(st.integers(1, 3999))
def test_a_number_never_follows_itself(count: int) -> None:
    assert not follows((count, ""), (count, ""))
    assert follows((count, ""), (count + 1, ""))
