"""Two people's changes to one text come together, and nothing of either is lost."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from policyforum.text.merge import Conflict, Merged, merge3
from policyforum.text.sections import split
from policyforum.text.words import words_of

CUTI = "Pegawai berhak atas cuti tahunan selama dua belas hari kerja."
JAM = "Pegawai wajib menaati jam kerja yang ditetapkan oleh Wali Kota."
LATIH = "Setiap unit kerja menyusun rencana pelatihan paling lambat bulan Maret."
BASE = f"# Cuti\n\n{CUTI}\n\n# Jam\n\n{JAM}\n\n# Latihan\n\n{LATIH}\n"


def test_changes_in_different_sections_both_go_in() -> None:
    ours, theirs = BASE.replace("dua belas", "empat belas"), BASE.replace("Maret", "April")
    assert merge3(BASE, ours, theirs) == Merged(ours.replace("Maret", "April"), ())


def test_changes_to_different_words_of_one_line_both_go_in() -> None:
    ours = BASE.replace("dua belas", "empat belas")
    theirs = BASE.replace("Pegawai berhak", "Pegawai ASN berhak")
    merged = merge3(BASE, ours, theirs)
    assert merged.conflicts == ()
    assert "Pegawai ASN berhak atas cuti tahunan selama empat belas hari" in merged.source


def test_a_conflict_keeps_ours_and_tells_both() -> None:
    ours = BASE.replace("bulan Maret", "bulan April")
    merged = merge3(BASE, ours, BASE.replace("bulan Maret", "akhir tahun"))
    assert merged.source == ours
    line, full_stop = LATIH.split("bulan Maret")
    words = ("bulan Maret", "bulan April", "akhir tahun")
    assert merged.conflicts == (Conflict("Latihan", *words, line, full_stop),)


def test_a_conflict_tells_the_line_it_stands_in_however_the_texts_were_merged() -> None:
    ours = f"# Jam\n\n{JAM}\n\n# Latihan\n\n{LATIH}\n\n# Cuti\n\n{CUTI}\n".replace("dua", "tiga")
    [conflict] = merge3(BASE, ours, BASE.replace("dua", "empat")).conflicts
    assert (conflict.ours, conflict.theirs) == ("tiga ", "empat ")
    assert conflict.before + conflict.ours + conflict.after == CUTI.replace("dua", "tiga")
    long = BASE.replace("selama", "selama " + "sekian lama " * 40)
    [conflict] = merge3(long, long.replace("dua", "tiga"), long.replace("dua", "empat")).conflicts
    assert conflict.before.startswith("…")
    assert len(conflict.before) < 200


def test_one_moves_a_section_and_the_other_edits_it() -> None:
    ours = f"# Jam\n\n{JAM}\n\n# Latihan\n\n{LATIH}\n\n# Cuti\n\n{CUTI}\n"
    theirs = BASE.replace("dua belas", "empat belas")
    merged = merge3(BASE, ours, theirs)
    assert merged.conflicts == ()
    assert merged.source.split() == ours.replace("dua belas", "empat belas").split()
    assert merge3(BASE, theirs, ours).source.split() == merged.source.split()


def test_sections_added_on_both_sides_are_both_kept() -> None:
    ours = BASE.replace("# Jam", "# Izin\n\nIzin diberikan tertulis.\n\n# Jam")
    theirs = BASE.replace("# Jam", "# Sakit\n\nSakit dibuktikan surat.\n\n# Jam")
    merged = merge3(BASE, ours, theirs)
    assert [section.label for section in split(merged.source).sections] == [
        *("Cuti", "Izin", "Sakit", "Jam", "Latihan")
    ]


def test_a_section_added_alike_on_both_sides_comes_once() -> None:
    both = BASE.replace("# Jam", "# Izin\n\nIzin diberikan tertulis.\n\n# Jam")
    merged = merge3(BASE, both, both.replace("Maret", "Mei"))
    assert merged.source.count("# Izin") == 1


def test_one_removes_what_the_other_edits() -> None:
    ours = f"# Cuti\n\n{CUTI}\n\n# Latihan\n\n{LATIH}\n"
    theirs = BASE.replace("wajib menaati", "harus mematuhi")
    merged = merge3(BASE, ours, theirs)
    assert merged.source == ours
    assert len(merged.conflicts) == 1
    assert "harus mematuhi" in merged.conflicts[0].theirs
    reverse = merge3(BASE, theirs, ours)
    assert "harus mematuhi" in reverse.source
    assert len(reverse.conflicts) == 1


def test_the_last_section_may_be_followed_by_another() -> None:
    ours, theirs = BASE.rstrip("\n"), BASE + "\n# Akhir\n\nBerlaku segera.\n"
    merged = merge3(BASE, ours + " Usul diperiksa.", theirs)
    assert "# Akhir" in merged.source
    assert "Maret. Usul diperiksa." in merged.source


def test_a_heading_both_turn_into_something_else_is_a_conflict_and_stands_once() -> None:
    base = f"# Cuti\n\n{CUTI}\n\n# Jam\n\n{JAM}\n"
    ours = base.replace("# Cuti", "Tentang cuti").replace("wajib", "harus")
    theirs = base.replace("# Cuti", "Cuti").replace("wajib", "perlu")
    merged = merge3(base, ours, theirs)
    assert merged.source.count(CUTI) == 1
    told = {(one.ours.strip(), one.theirs.strip()) for one in merged.conflicts}
    assert told == {("Tentang cuti", "Cuti"), ("harus", "perlu")}


LINES = st.lists(
    st.sampled_from(["# A\n", "# B\n", "satu dua\n", "tiga\n", "\n", "empat lima enam", "x"]),
    max_size=10,
).map("".join)


@given(LINES, LINES)
def test_one_sided_changes_win(base: str, changed: str) -> None:
    assert merge3(base, changed, base) == Merged(changed, ())
    assert merge3(base, base, changed) == Merged(changed, ())
    assert merge3(base, changed, changed) == Merged(changed, ())


@given(LINES, LINES, LINES)
def test_no_added_word_is_lost(base: str, ours: str, theirs: str) -> None:
    merged = merge3(base, ours, theirs)
    told = [merged.source, *(c.ours + " " + c.theirs for c in merged.conflicts)]
    present = set(words_of(" ".join(told)))
    for side in (ours, theirs):
        added = Counter(words_of(side)) - Counter(words_of(base))
        assert set(added) <= present


def test_a_line_moved_past_a_blank_one_stays_where_git_puts_it() -> None:
    base, ours, theirs = f"{JAM}\n\n", f"\n{JAM}\n", "\n"
    assert merge3(base, ours, theirs) == Merged(ours, ())


def test_agrees_with_git_wherever_git_finds_no_conflict(test_data: Path, tmp_path: Path) -> None:
    rng = Random(3)
    source = (test_data / "docs" / "github-corporate-terms" / "r015.md").read_bytes().decode()
    sections = [section.text for section in split(source).sections if len(section.text) > 300]
    clean = 0
    for _ in range(60):
        base = rng.choice(sections)
        ours, theirs = _edited(base, rng), _edited(base, rng)
        for name, text in (("base", base), ("ours", ours), ("theirs", theirs)):
            (tmp_path / name).write_text(text, "utf-8", newline="")
        git = subprocess.run(
            ["git", "merge-file", "-p", "ours", "base", "theirs"],
            cwd=tmp_path,
            capture_output=True,
            check=False,
        )
        if git.returncode == 0:
            clean += 1
            assert merge3(base, ours, theirs) == Merged(git.stdout.decode(), ())
    assert clean >= 20


def _edited(text: str, rng: Random) -> str:
    lines = text.split("\n")
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(lines))
        if rng.random() < 0.6:
            lines[at] += " tambahan"
        else:
            lines.insert(at, f"Kalimat baru {rng.random()}.")
    return "\n".join(lines)
