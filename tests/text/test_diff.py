"""A comparison is true, small and readable, and knows what moved."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from policyforum.text.diff import Comparison, compare
from policyforum.text.keyed import keyed
from policyforum.text.words import is_word, tokenise
from tests.text.comparing import after, before, carried, compared, first, shorthand
from tests.text.histories import next_revision

ONE = "Setiap pegawai mengajukan usul kepada kepala unit kerja."
TWO = "Usul diperiksa oleh Badan Kepegawaian dalam waktu tiga hari kerja."
THREE = "Pelatihan dibiayai dari anggaran pendapatan dan belanja daerah kota."


def only_change(source: str, changed: str) -> str:
    """The spans of the one section that changed, in shorthand."""
    changes = [change for change in compared(source, changed).sections if change.spans]
    assert len(changes) == 1
    return shorthand(changes[0])


def test_replaced_words_are_told_word_by_word() -> None:
    assert only_change("# A\n\npaling lama 5 (lima) hari", "# A\n\npaling lama 7 (tujuh) hari") == (
        "# A\n\npaling lama [-5 (lima) -]{+7 (tujuh) +}hari"
    )


def test_a_number_changes_as_a_whole() -> None:
    assert only_change("# A\n\nRp500.000,00 saja", "# A\n\nRp550.000,00 saja") == (
        "# A\n\n[-Rp500.000,00 -]{+Rp550.000,00 +}saja"
    )


def test_lone_common_words_do_not_hold_a_rewriting_together() -> None:
    shown = only_change(
        f"# A\n\n{ONE} Pejabat menilai bukti dan saksi di ruang sidang tertutup. {TWO}",
        f"# A\n\n{ONE} Sanksi dijatuhkan tertulis dan berlaku sejak tanggal surat. {TWO}",
    )
    assert shown.count("[-") == shown.count("{+") == 1


def test_a_word_stays_where_only_its_emphasis_changed() -> None:
    shown = only_change(f"# A\n\n{ONE} satu *atau* dua", f"# A\n\n{ONE} satu _atau_ dua")
    assert shown.endswith("satu [-*-]{+_+}atau[-* -]{+_ +}dua")
    comparison = compared(f"# A\n\n{ONE} satu *atau* dua", f"# A\n\n{ONE} satu _atau_ dua")
    assert (comparison.totals.words_added, comparison.totals.words_removed) == (0, 0)


def test_an_inserted_sentence_begins_where_sentences_begin() -> None:
    shown = only_change(
        "# A\n\nUsul diperiksa. Usul disetujui.",
        "# A\n\nUsul diperiksa. Usul dibahas. Usul disetujui.",
    )
    assert shown == "# A\n\nUsul diperiksa. {+Usul dibahas. +}Usul disetujui."


def test_white_space_alone_changes_no_word() -> None:
    comparison = compared("# A\n\nsatu dua tiga\n", "# A\n\nsatu\ndua tiga\n\n")
    assert comparison.sections[0].state == "same"
    assert (comparison.totals.words_added, comparison.totals.words_removed) == (0, 0)
    assert after(comparison.sections[0]) == "# A\n\nsatu\ndua tiga\n\n"


def test_unchanged_sections_have_no_spans() -> None:
    assert compared(f"# A\n\n{ONE}", f"# A\n\n{ONE}").sections[0].spans == ()


def test_gone_sections_stand_where_they_stood() -> None:
    comparison = compared(
        f"# A\n\n{ONE}\n\n# B\n\n{TWO}\n\n# C\n\n{THREE}\n", f"# A\n\n{ONE}\n\n# C\n\n{THREE}\n"
    )
    assert [(change.key, change.state) for change in comparison.sections] == [
        ("A", "same"),
        ("B", "gone"),
        ("C", "same"),
    ]
    assert comparison.sections[1].after is None
    assert before(comparison.sections[1]) == f"# B\n\n{TWO}\n\n"


def test_new_sections_have_no_before() -> None:
    comparison = compared(f"# A\n\n{ONE}\n", f"# A\n\n{ONE}\n\n# B\n\n{TWO}\n")
    assert comparison.sections[1].before is None
    assert comparison.totals.sections_new == 1
    assert comparison.totals.words_added == 11


def test_a_moved_section_is_compared_with_itself() -> None:
    comparison = compared(
        f"# A\n\n{ONE}\n\n# B\n\n{TWO}\n\n# C\n\n{THREE}\n",
        f"# B\n\n{TWO}\n\n# C\n\n{THREE}\n\n# A\n\n{ONE.replace('kepala', 'pimpinan')}\n\n",
    )
    assert [(change.key, change.state) for change in comparison.sections] == [
        ("B", "same"),
        ("C", "same"),
        ("A", "moved"),
    ]
    assert (comparison.totals.words_added, comparison.totals.words_removed) == (1, 1)


def test_a_passage_in_another_section_is_moved_not_rewritten() -> None:
    comparison = compared(
        f"# A\n\n{ONE} {TWO}\n\n# B\n\n{THREE}\n", f"# A\n\n{ONE}\n\n# B\n\n{THREE} {TWO}\n"
    )
    ends = {span.op: span for change in comparison.sections for span in change.spans if span.peer}
    assert ends["delete"].text.split() == ends["insert"].text.split() == TWO.split()
    assert (ends["delete"].peer, ends["insert"].peer) == ("B", "A")
    assert ends["delete"].passage == ends["insert"].passage
    assert comparison.totals.words_added == comparison.totals.words_removed == 0
    assert comparison.totals.words_moved == len(TWO.split())


def test_split_and_merged_sections_are_named() -> None:
    whole = f"# A\n\n{ONE} {TWO}\n"
    parts = f"# A\n\n{ONE}\n\n# B\n\n{TWO}\n"
    assert [change.state for change in compared(whole, parts).sections] == ["split", "split"]
    assert [change.state for change in compared(parts, whole).sections] == ["merged", "gone"]


def true_to(comparison: Comparison, source: str, changed: str) -> bool:
    """Whether both texts can be rebuilt from the comparison."""
    olds = [change for change in comparison.sections if change.before]
    olds.sort(key=lambda change: change.before.section.position if change.before else 0)
    return "".join(map(before, olds)) == source and "".join(map(after, comparison.sections)) == (
        changed
    )


TEXT = st.lists(
    st.sampled_from(
        ["# A\n", "## B\n\n", "satu ", "dua ", "tiga, ", "\n", "  ", "Pasal 1\n", "(1) ", "**x**"]
    ),
    max_size=40,
).map("".join)


@given(TEXT | st.text(), TEXT | st.text())
def test_both_texts_can_be_rebuilt(source: str, changed: str) -> None:
    comparison = compared(source, changed)
    assert true_to(comparison, source, changed)
    for change in comparison.sections:
        if change.spans:
            assert before(change) == (change.before.section.text if change.before else "")


@pytest.mark.parametrize(
    "name", ["aipref-vocab", "github-dmca-policy", "id-uu-kup", "ietf-using-github"]
)
def test_real_histories_are_true_and_small(test_data: Path, name: str) -> None:
    paths = sorted((test_data / "docs" / name).glob("r*.md"))
    texts = [path.read_bytes().decode() for path in paths]
    told = least = 0
    for source, changed in pairwise(texts[:6]):
        comparison = compared(source, changed)
        assert true_to(comparison, source, changed)
        told += comparison.totals.words_added + comparison.totals.words_removed
        least += Indel.distance(words(source), words(changed))
    # The exact minimum knows no moves; readability may cost a little.
    assert told <= 1.1 * least


def words(text: str) -> list[str]:
    """The words of a text as the comparison counts them."""
    return [core for core in tokenise(text).cores if is_word(core)]


def test_moved_sections_cost_nothing_where_the_truth_is_known(test_data: Path) -> None:
    path = sorted((test_data / "docs" / "github-corporate-terms").glob("r*.md"))[-1]
    history = next_revision(path.read_bytes().decode(), Random(7), 0.1)
    old = keyed((str(at) for at in range(len(history.old))), history.old)
    comparison = compare(old, carried(old, history.source)[1])
    source = "".join(section.text for section in history.old)
    assert true_to(comparison, source, history.source)
    told = comparison.totals.words_added + comparison.totals.words_removed
    assert told <= 0.96 * Indel.distance(words(source), words(history.source))


def test_a_text_without_any_structure_in_common_still_compares() -> None:
    old = first("x " * 5000)
    comparison = compare(old, carried(old, "y " * 6000)[1])
    assert comparison.totals.words_removed == 5000
    assert comparison.totals.words_added == 6000
