"""A doubt lasts until a person settles it, however often the text appears anew."""

from __future__ import annotations

import pytest

from policyforum.commenting.carrying import Standing, carry_over
from policyforum.text.keyed import keyed
from policyforum.text.sections import split

TEXT = "# Cuti\n\nCuti diberikan paling lama 12 hari.\n"


@pytest.mark.parametrize(
    "state,cause", [("doubtful", "ambiguous"), ("unplaced", "section_removed")]
)
def test_what_was_not_sure_stays_so(state: str, cause: str) -> None:
    sections = keyed(["k"], split(TEXT).sections)
    key, start, end = ("k", 8, 22) if state == "doubtful" else (None, None, None)
    standing = Standing(1, 1, 0, key, start, end, state, 0.4, cause)
    (place,) = carry_over([standing], sections, sections, ())
    assert (place.key, place.start, place.end) == (key, start, end)
    assert (place.state, place.score, place.cause) == (state, 0.4, cause)


def test_what_was_sure_is_placed_anew() -> None:
    old = keyed(["k"], split(TEXT).sections)
    new = keyed(["k"], split(TEXT.replace("Cuti diberikan", "Cuti tahunan diberikan")).sections)
    at = TEXT.index("12 hari")
    standing = Standing(1, 1, 0, "k", at, at + 7, "exact", 1.0, "")
    (place,) = carry_over([standing], old, new, ())
    assert place.state == "exact"
    assert place.start == at + len("tahunan ")
