"""Numbers as Indonesian law writes them, and which number may follow which.

A number is a pair: its count and its suffix ("12A" is (12, "A"), "b" is (2, "")). Inserted units
take a suffix (42A, (3a), a1), so a number has more than one possible successor.
"""

from __future__ import annotations

import re

Number = tuple[int, str]

ROMAN = r"(?=[IVXLCDM])M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"

_UNITS = "Kesatu|Pertama|Kedua|Ketiga|Keempat|Kelima|Keenam|Ketujuh|Kedelapan|Kesembilan"
_ONES = "satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan"
ORDINAL = (
    rf"(?:Kesepuluh|Kesebelas|(?:{_UNITS})"
    rf"(?:\s+Belas|\s+Puluh(?:\s+(?:Ke)?(?:{_ONES}))?)?)"
)

ORDINAL_CAPITALS = ORDINAL.upper().replace(r"\S", r"\s")

# Inserted chapters take A, B, C …; these letters would read as a numeral gone wrong.
_NEVER_SUFFIX = "IVXLM"

_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_WORD_VALUES = {word: value for value, word in enumerate(_ONES.split("|"), start=1)}


def roman(numeral: str) -> int:
    """The value of a Roman numeral in capitals."""
    values = [_ROMAN_VALUES[letter] for letter in numeral]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-value if value < following else value for value, following in pairs)


def ordinal(words: str) -> int:
    """The value of an ordinal in words: "Kesatu" 1, "Kedua Belas" 12, "Kedua Puluh Satu" 21."""
    first, *more = words.lower().split()
    if first == "kesepuluh":
        return 10
    if first == "kesebelas":
        return 11
    count = 1 if first == "pertama" else _WORD_VALUES[first.removeprefix("ke")]
    if not more:
        return count
    if more[0] == "belas":
        return 10 + count
    ones = _WORD_VALUES[more[1].removeprefix("ke")] if len(more) > 1 else 0
    return 10 * count + ones


def letters(marker: str) -> int:
    """The place of a letter marker: "a" 1, "z" 26, "aa" 27, "ab" 28."""
    value = 0
    for letter in marker:
        value = value * 26 + ord(letter) - ord("a") + 1
    return value


def follows(previous: Number | None, number: Number) -> bool:
    """Whether `number` may stand right after `previous` (None: at the start of a list)."""
    count, suffix = number
    if previous is None:
        return number == (1, "")
    before, suffix_before = previous
    if count == before + 1:
        return not suffix
    return count == before and _suffix_value(suffix) == _suffix_value(suffix_before) + 1


def chapter_numbers(numeral: str) -> tuple[Number, ...]:
    """The readings of a BAB's number, plain Roman first: "VIIA" (7, "A"), "XC" 90 or (10, "C")."""
    readings: list[Number] = []
    whole = re.fullmatch(ROMAN, numeral)
    if whole:
        readings.append((roman(numeral), ""))
    stem, suffix = numeral[:-1], numeral[-1:]
    if stem and suffix not in _NEVER_SUFFIX and re.fullmatch(ROMAN, stem):
        readings.append((roman(stem), suffix))
    return tuple(readings)


def _suffix_value(suffix: str) -> int:
    if not suffix:
        return 0
    return int(suffix) if suffix.isdecimal() else letters(suffix.lower())
