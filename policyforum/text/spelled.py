"""Numbers in Indonesian words, as a regulation writes them after figures: "30 (tiga puluh)"."""

from __future__ import annotations

from typing import Final

_ONES: Final = (
    *("", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"),
    *("sepuluh", "sebelas"),
)
_SCALES: Final = ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (1000, "ribu"))
_DIGITS: Final = ("nol", *_ONES[1:10])

LARGEST: Final = 10**15 - 1


def spelled(number: int) -> str:
    """A whole number from 0 to `LARGEST` in words: 1250 "seribu dua ratus lima puluh".

    ValueError beyond that.
    """
    if not 0 <= number <= LARGEST:
        raise ValueError("a number out of reach")
    return " ".join(_parts(number)) if number else "nol"


def spelled_figure(figure: str) -> str:
    """Figures as Indonesian writes them ("1.250", "12,5") in words: "dua belas koma lima"."""
    whole, _, decimals = figure.partition(",")
    words = spelled(int(whole.replace(".", "")))
    if decimals.strip("0"):
        words += " koma " + " ".join(_DIGITS[int(digit)] for digit in decimals)
    return words


def _parts(number: int) -> list[str]:
    for scale, name in _SCALES:
        if number >= scale:
            count, rest = divmod(number, scale)
            head = ["seribu"] if (count, name) == (1, "ribu") else [*_parts(count), name]
            return head + _parts(rest)
    if number >= 200:
        return [_ONES[number // 100], "ratus", *_parts(number % 100)]
    if number >= 100:
        return ["seratus", *_parts(number % 100)]
    if number >= 20:
        return [_ONES[number // 10], "puluh", *_parts(number % 10)]
    if number >= 12:
        return [_ONES[number - 10], "belas"]
    return [_ONES[number]] if number else []
