"""Fixes: made where they belong, and found again only where the same words still stand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from policyforum.text.fixes import Fix, applied, name_of_all, names

SOURCE = "Paling lama 30 hari.\nPaling lama 14 hari.\n"
THIRTY, FOURTEEN = Fix(12, 14, "30 (tiga puluh)", "spelled"), Fix(33, 35, "empat belas", "spelled")


def test_fixes_are_made_where_they_belong_in_any_order() -> None:
    both = "Paling lama 30 (tiga puluh) hari.\nPaling lama empat belas hari.\n"
    assert applied(SOURCE, [FOURTEEN, THIRTY]) == both
    assert applied(SOURCE, []) == SOURCE


def test_of_two_that_overlap_the_first_is_made() -> None:
    assert applied("abcd", [Fix(1, 3, "X", "one"), Fix(2, 4, "Y", "two")]) == "aXd"


def test_a_name_outlives_what_is_typed_further_away() -> None:
    before = "Pegawai mengajukan permohonan secara tertulis kepada atasannya. "
    here = _by(THIRTY, len(before))
    added = "Baru.\n"
    later = names(added + before + SOURCE, [_by(here, len(added))])
    assert names(before + SOURCE, [here]) == later


def test_a_name_is_another_when_the_words_or_their_company_change() -> None:
    (name,) = names(SOURCE, [THIRTY])
    assert names(SOURCE.replace("30", "31"), [THIRTY]) != [name]
    assert names(SOURCE.replace("lama", "lema", 1), [THIRTY]) != [name]
    assert names(SOURCE, [Fix(12, 14, "tiga puluh", THIRTY.code)]) != [name]
    assert names(SOURCE, [Fix(12, 14, THIRTY.words, "other")]) != [name]


def test_the_same_words_twice_have_two_names_that_know_how_many_there_are() -> None:
    line = "Permohonan diajukan kepada pejabat yang berwenang 30 hari sebelum cuti dimulai.\n"
    at = line.index("30")
    fixes = [Fix(at + len(line) * turn, at + 2 + len(line) * turn, "x", "c") for turn in range(4)]
    four = names(line * 4, fixes)
    assert len(set(four)) == 4
    assert set(four[1:3]).isdisjoint(names(line * 3, fixes[:3]))


def test_the_name_of_all_knows_each_of_them() -> None:
    assert name_of_all(["a", "b"]) == name_of_all(["b", "a"])
    assert name_of_all(["a", "b"]) != name_of_all(["a", "b", "c"])


SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 6), st.text(max_size=4)), max_size=6)


@given(st.text(min_size=40, max_size=60), SPANS)
def test_any_fixes_leave_the_rest_as_it_is(source: str, spans: list[tuple[int, int, str]]) -> None:
    fixes = [Fix(start, start + length, words, "c") for start, length, words in spans]
    text = applied(source, fixes)
    untouched = max((fix.end for fix in fixes), default=0)
    assert text.endswith(source[untouched:])
    assert text.startswith(source[: min((fix.start for fix in fixes), default=0)])
    assert len(set(names(source, fixes))) == len(fixes)


def _by(fix: Fix, amount: int) -> Fix:
    return Fix(fix.start + amount, fix.end + amount, fix.words, fix.code)
