"""Find a quotation in a text, white space and Markdown markup aside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from rapidfuzz.fuzz import ratio

from policyforum.text.visible import Piece, pieces

_SOLID: Final = re.compile(r"\S+")
_MARKUP: Final = frozenset("*_`~[]\\#|>")
_MOST_OCCURRENCES: Final = 500
CONTEXT: Final = 64  # characters on either side of a quotation that tell where it stood


class Reduced:
    """A text without what a search overlooks; character i stands for source[starts[i]:ends[i]]."""

    def __init__(self, text: str, starts: list[int], ends: list[int]) -> None:
        self.text = text
        self.starts = starts
        self.ends = ends

    def source_range(self, at: int, size: int) -> tuple[int, int]:
        """Where `size` reduced characters from `at` stand in the source."""
        return self.starts[at], self.ends[at + size - 1]


def locate(
    text: str, exact: str, prefix: str = "", suffix: str = "", start: int | None = None
) -> tuple[int, int] | None:
    """Find where in `text` (a section's subtree source) a quotation stands.

    `exact`, `prefix` and `suffix` may come from the source or from the words seen on the page.
    Among several occurrences the one at `start` wins, else the one whose surroundings fit the
    prefix and suffix best, else the one nearest to `start`, else the first. None when there is no
    such passage, or `exact` is blank.
    """
    if start is not None and exact.strip() and text.startswith(exact, start):
        return _trimmed(text, start, start + len(exact))
    for reduced, needle in _readings(text, exact):
        if not needle:
            continue
        found = [reduced.source_range(at, len(needle)) for at in occurrences(reduced.text, needle)]
        if found:
            return max(found, key=lambda place: _fitness(text, place, prefix, suffix, start))
    return None


def occurrences(text: str, needle: str) -> list[int]:
    """Where a string occurs, overlaps included, at most 500 times."""
    found: list[int] = []
    at = text.find(needle)
    while at >= 0 and len(found) < _MOST_OCCURRENCES:
        found.append(at)
        at = text.find(needle, at + 1)
    return found


def squeeze(text: str) -> str:
    """The text without any white space."""
    return "".join(text.split())


def squeezed(text: str) -> Reduced:
    """The text without white space, with its map."""
    starts: list[int] = []
    for run in _SOLID.finditer(text):
        starts.extend(range(*run.span()))
    return Reduced(squeeze(text), starts, [at + 1 for at in starts])


def context_fit(text: str, start: int, end: int, prefix: str, suffix: str) -> float:
    """How well the surroundings of a place fit a prefix and suffix, 0 to 1 (0.5 without any)."""
    prefix, suffix = prefix[-CONTEXT:], suffix[:CONTEXT]
    fits: list[float] = []
    if prefix.strip():
        around = squeeze(text[max(0, start - 2 * len(prefix)) : start])
        wanted = squeeze(prefix)
        fits.append(ratio(around[-len(wanted) :], wanted) / 100)
    if suffix.strip():
        around = squeeze(text[end : end + 2 * len(suffix)])
        wanted = squeeze(suffix)
        fits.append(ratio(around[: len(wanted)], wanted) / 100)
    return sum(fits) / len(fits) if fits else 0.5


def _fitness(
    text: str, place: tuple[int, int], prefix: str, suffix: str, start: int | None
) -> tuple[float, float, int]:
    fit = context_fit(text, *place, prefix, suffix)
    distance = abs(place[0] - start) if start is not None else 0
    # The offset decides between surroundings that fit about equally well.
    return (round(fit, 1), -distance, -place[0])


def _readings(text: str, exact: str) -> Iterator[tuple[Reduced, str]]:
    """Ways to read the source and the quotation, strictest first."""
    yield squeezed(text), squeeze(exact)
    bare = _plain(exact)
    yield _reduced(pieces(text)), bare
    yield _reduced(pieces(text, list_numbers=False)), bare
    yield _reduced(pieces(text)), "".join(filter(None, map(_plain_piece, pieces(exact))))
    yield _letters(_reduced(pieces(text, list_numbers=False))), _alphanumeric(exact)


def _plain(text: str) -> str:
    return "".join(
        character for character in text if not character.isspace() and character not in _MARKUP
    )


def _plain_piece(piece: Piece) -> str:
    return _plain(piece.text)


def _alphanumeric(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def _reduced(visible: Iterable[Piece]) -> Reduced:
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for piece in visible:
        literal = len(piece.text) == piece.end - piece.start
        for step, character in enumerate(piece.text):
            if character.isspace() or character in _MARKUP:
                continue
            characters.append(character)
            starts.append(piece.start + step if literal else piece.start)
            ends.append(piece.start + step + 1 if literal else piece.end)
    return Reduced("".join(characters), starts, ends)


def _letters(reduced: Reduced) -> Reduced:
    kept = [at for at, character in enumerate(reduced.text) if character.isalnum()]
    return Reduced(
        "".join(reduced.text[at] for at in kept),
        [reduced.starts[at] for at in kept],
        [reduced.ends[at] for at in kept],
    )


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
