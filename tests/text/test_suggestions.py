"""Suggested wordings go in together; contradictions are left to a person."""

from __future__ import annotations

import pytest

from policyforum.text.suggestions import Edit, apply

SOURCE = "Usul diperiksa paling lama 5 (lima) hari kerja oleh Badan Kepegawaian."


def edit(words: str, replacement: str, ref: str) -> Edit:
    start = SOURCE.index(words)
    return Edit(start, start + len(words), replacement, ref)


def test_suggestions_in_different_places_all_go_in() -> None:
    applied = apply(SOURCE, [edit("5 (lima)", "3 (tiga)", "a"), edit("Badan", "Kepala Badan", "b")])
    assert applied.source == (
        "Usul diperiksa paling lama 3 (tiga) hari kerja oleh Kepala Badan Kepegawaian."
    )
    assert applied.applied == ("a", "b")
    assert applied.conflicts == ()


def test_rewordings_of_one_sentence_that_touch_different_words_all_go_in() -> None:
    applied = apply(
        SOURCE,
        [
            edit(SOURCE, SOURCE.replace("5 (lima)", "3 (tiga)"), "a"),
            edit(SOURCE, SOURCE.replace("oleh Badan", "oleh Kepala Badan"), "b"),
        ],
    )
    assert "3 (tiga) hari kerja oleh Kepala Badan" in applied.source


def test_of_contradicting_suggestions_none_is_applied() -> None:
    applied = apply(
        SOURCE,
        [
            edit("5 (lima) hari", "3 (tiga) hari", "a"),
            edit("(lima) hari kerja", "(lima) minggu", "b"),
            edit("lama 5 (lima)", "lambat 7 (tujuh)", "c"),
            edit("Badan", "Kepala Badan", "d"),
        ],
    )
    assert applied.source == SOURCE.replace("Badan", "Kepala Badan").replace(
        "(lima) hari kerja", "(lima) minggu"
    )
    assert applied.applied == ("b", "d")
    assert [wanted.ref for wanted in applied.conflicts[0].edits] == ["a", "c"]
    assert applied.conflicts[0].base == "lama 5 (lima) hari"


def test_equal_suggestions_count_once() -> None:
    applied = apply(SOURCE, [edit("5 (lima)", "3 (tiga)", "a"), edit("5 (lima)", "3 (tiga)", "b")])
    assert applied.source == SOURCE.replace("5 (lima)", "3 (tiga)")
    assert applied.applied == ("a", "b")


def test_two_insertions_at_one_point_contradict() -> None:
    applied = apply(SOURCE, [Edit(4, 4, " tertulis", "a"), Edit(4, 4, " lengkap", "b")])
    assert applied.source == SOURCE
    assert len(applied.conflicts) == 1


def test_a_passage_can_be_deleted_or_only_inserted() -> None:
    applied = apply(SOURCE, [edit(" kerja", "", "a"), Edit(0, 0, "Setiap ", "b")])
    assert (
        applied.source == "Setiap Usul diperiksa paling lama 5 (lima) hari oleh Badan Kepegawaian."
    )


def test_a_place_outside_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="reaches out"):
        apply("abc", [Edit(2, 9, "x", "a")])
