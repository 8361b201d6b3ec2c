"""Keys follow the words: through renumbering, retitling, moves, splits and merges."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyforum.text.keyed import keyed
from policyforum.text.lineage import carry
from policyforum.text.sections import split
from tests.text.comparing import carried, first, revised
from tests.text.histories import next_revision

LEAVE = "Pegawai berhak atas cuti tahunan selama dua belas hari kerja setiap tahun."
DUTY = "Pegawai wajib menaati ketentuan jam kerja yang ditetapkan oleh Wali Kota."
TRAINING = "Setiap unit kerja menyusun rencana pelatihan paling lambat bulan Maret."
REPORT = "Kepala unit kerja melaporkan hasil pelatihan kepada Badan Kepegawaian."
PAY = "Tambahan penghasilan dibayarkan setiap bulan sesuai dengan capaian kinerja."


def regulation(*articles: str) -> str:
    """A small regulation with the articles numbered through."""
    body = "\n".join(f"### Pasal {number}\n{text}\n" for number, text in enumerate(articles, 1))
    return f"## BAB I\nKETENTUAN UMUM\n\n{body}"


def test_renumbered_articles_keep_their_keys() -> None:
    lineage, states, labels = revised(
        regulation(LEAVE, DUTY, PAY), regulation(TRAINING, LEAVE, DUTY, PAY)
    )
    assert labels["Pasal 1"] == "Pasal 2"
    assert labels["Pasal 3"] == "Pasal 4"
    assert states["Pasal 1"] == "edited"
    assert states["new 0"] == "new"
    assert lineage.gone == ()


def test_identical_sections_are_the_same() -> None:
    source = regulation(LEAVE, DUTY)
    _, states, _ = revised(source, source)
    assert set(states.values()) == {"same"}


def test_white_space_alone_is_no_edit() -> None:
    _, states, _ = revised(regulation(LEAVE), regulation(LEAVE.replace(" ", "\n", 3)))
    assert states["Pasal 1"] == "same"


def test_retitled_heading_keeps_its_key() -> None:
    _, states, labels = revised(
        f"# Leave\n\n{LEAVE}\n\n# Hours\n\n{DUTY}\n",
        f"# Time off\n\n{LEAVE}\n\n# Hours\n\n{DUTY}\n",
    )
    assert labels["Leave"] == "Time off"
    assert states == {"Leave": "edited", "Hours": "same"}


def test_moved_article_is_moved_and_its_neighbours_are_not() -> None:
    _, states, labels = revised(
        regulation(LEAVE, DUTY, TRAINING, REPORT), regulation(DUTY, TRAINING, REPORT, LEAVE)
    )
    assert labels["Pasal 1"] == "Pasal 4"
    assert states["Pasal 1"] == "moved"
    assert [states[f"Pasal {number}"] for number in (2, 3, 4)] == ["edited"] * 3


def test_article_in_another_chapter_has_moved() -> None:
    old = regulation(LEAVE, DUTY) + f"\n## BAB II\nPELATIHAN\n\n### Pasal 3\n{TRAINING}\n"
    new = regulation(LEAVE) + (
        f"\n## BAB II\nPELATIHAN\n\n### Pasal 2\n{TRAINING}\n\n### Pasal 3\n{DUTY}\n"
    )
    _, states, labels = revised(old, new)
    assert (states["Pasal 2"], labels["Pasal 2"]) == ("moved", "Pasal 3")
    assert states["Pasal 3"] == "edited"


def test_children_of_a_moved_parent_have_not_moved_themselves() -> None:
    listed = f"(1) {LEAVE}\n(2) {DUTY}"
    _, states, labels = revised(
        regulation(listed, TRAINING, REPORT, PAY), regulation(TRAINING, REPORT, PAY, listed)
    )
    assert states["Pasal 1"] == "moved"
    assert labels["Pasal 1 ayat (2)"] == "Pasal 4 ayat (2)"
    assert states["Pasal 1 ayat (2)"] == "same"


def test_a_heading_put_around_sections_moves_none_of_them() -> None:
    inner = f"## Leave\n\n{LEAVE}\n\n## Hours\n\n{DUTY}\n"
    _, states, _ = revised(inner, f"# Part one\n\n{inner}")
    assert states == {"new 0": "new", "Leave": "same", "Hours": "same"}


def test_reworded_paragraph_keeps_its_key_though_its_number_went_to_another() -> None:
    _, states, labels = revised(
        regulation(f"(1) {LEAVE}\n(2) {DUTY}"),
        regulation(f"(1) {TRAINING}\n(2) {LEAVE.replace('dua belas', 'empat belas')}\n(3) {DUTY}"),
    )
    assert labels["Pasal 1 ayat (1)"] == "Pasal 1 ayat (2)"
    assert labels["Pasal 1 ayat (2)"] == "Pasal 1 ayat (3)"
    assert states["Pasal 1 ayat (1)"] == "edited"


def test_equal_paragraphs_are_told_apart_by_their_neighbours() -> None:
    old = regulation(f"(1) {LEAVE}\n(2) Cukup jelas.", f"(1) {DUTY}\n(2) Cukup jelas.", TRAINING)
    new = regulation(TRAINING, f"(1) {LEAVE}\n(2) Cukup jelas.", f"(1) {DUTY}\n(2) Cukup jelas.")
    _, _, labels = revised(old, new)
    assert labels["Pasal 1 ayat (2)"] == "Pasal 2 ayat (2)"
    assert labels["Pasal 2 ayat (2)"] == "Pasal 3 ayat (2)"


def test_split_names_the_section_both_parts_come_from() -> None:
    lineage, states, labels = revised(
        f"# Leave\n\n{LEAVE} {DUTY}\n\n# Pay\n\n{PAY}\n",
        f"# Leave\n\n{LEAVE}\n\n# Hours\n\n{DUTY}\n\n# Pay\n\n{PAY}\n",
    )
    assert labels["Leave"] == "Leave"
    assert states == {"Leave": "split", "new 0": "split", "Pay": "same"}
    assert lineage.sections[1].previous_keys == ("Leave",)


def test_merge_names_all_sections_it_comes_from() -> None:
    lineage, states, _ = revised(
        f"# Leave\n\n{LEAVE}\n\n# Hours\n\n{DUTY}\n\n# Pay\n\n{PAY}\n",
        f"# Leave\n\n{LEAVE} {DUTY}\n\n# Pay\n\n{PAY}\n",
    )
    assert states["Leave"] == "merged"
    assert lineage.sections[0].previous_keys == ("Leave", "Hours")
    assert lineage.gone == ("Hours",)


def test_a_person_can_decide_otherwise() -> None:
    old = first(regulation(LEAVE, DUTY))
    changed = regulation(LEAVE, DUTY)
    lineage, _ = carried(old, changed, {1: "Pasal 2", 2: ""})
    assert lineage.sections[1].key == "Pasal 2"
    assert lineage.sections[1].reason == "override"
    assert (lineage.sections[2].key, lineage.sections[2].state) == ("new 0", "new")
    assert lineage.gone == ("Pasal 1",)


@pytest.mark.parametrize("overrides", [{1: "Pasal 9"}, {1: "Pasal 1", 2: "Pasal 1"}])
def test_an_impossible_decision_is_refused(overrides: dict[int, str]) -> None:
    with pytest.raises(ValueError, match="an override"):
        carried(first(regulation(LEAVE, DUTY)), regulation(LEAVE, DUTY), overrides)


LINES = st.lists(
    st.sampled_from(
        ["# A", "## B", "### Pasal 1", "### Pasal 2", "(1) satu dua", "(2) tiga", "a. x", LEAVE, ""]
    ),
    max_size=14,
).map("\n".join)


@given(LINES, LINES)
def test_no_key_is_given_twice_and_none_is_forgotten(source: str, changed: str) -> None:
    sections = split(source).sections
    old = keyed((f"old {at}" for at in range(len(sections))), sections)
    lineage, new = carried(old, changed)
    keys = [entry.key for entry in new]
    assert len(set(keys)) == len(keys) == len(split(changed).sections)
    persisting = {entry.key for entry in old} - set(lineage.gone)
    assert persisting == {key for key in keys if not key.startswith("new")}
    assert carry(old, split(changed).sections, iter(keys * 2).__next__).gone == lineage.gone


@pytest.mark.parametrize(
    "name", ["github-corporate-terms", "id-uu-ppn", "standard-for-public-code"]
)
def test_unique_unchanged_words_keep_their_key_in_real_histories(
    test_data: Path, name: str
) -> None:
    texts = [path.read_text("utf-8") for path in sorted((test_data / "docs" / name).glob("r*.md"))]
    for source, changed in pairwise(texts[:5]):
        sections = split(source).sections
        old = keyed((f"old {at}" for at in range(len(sections))), sections)
        _, new = carried(old, changed)
        olds = {entry.section.text: entry.key for entry in old}
        olds_once = _once([entry.section.text for entry in old])
        news_once = _once([entry.section.text for entry in new])
        for entry in new:
            text = entry.section.text
            # "Pasal 7" alone is a number, not words.
            if text in olds_once & news_once and len(text.split()) > 3:
                assert entry.key == olds[text]


def _once(texts: list[str]) -> set[str]:
    return {text for text in texts if texts.count(text) == 1}


@pytest.mark.parametrize("name", ["github-corporate-terms", "id-uu-ppn"])
def test_keys_are_right_under_heavy_edits_whose_truth_is_known(test_data: Path, name: str) -> None:
    source = sorted((test_data / "docs" / name).glob("r*.md"))[-1].read_text("utf-8")
    right = wrong = 0
    for seed in range(3):
        history = next_revision(source, Random(seed), 0.3)
        old = keyed((f"old {at}" for at in range(len(history.old))), history.old)
        _, new = carried(old, history.source)
        for entry in new:
            truth = history.truth.get(entry.section.position)
            if truth is None or truth.part:
                continue
            wanted = f"old {truth.origin}"
            fine = entry.key == wanted if truth.origin >= 0 else entry.key.startswith("new")
            right, wrong = right + fine, wrong + (not fine)
    assert right / (right + wrong) >= 0.98
