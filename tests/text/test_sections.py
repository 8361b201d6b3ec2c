"""Any text cut into sections: nothing lost, headings found where Markdown has them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyforum.text.contents import own_words
from policyforum.text.keyed import subtree_ends
from policyforum.text.sections import ancestors, children, join, split
from tests.text.outlines import labels

# Pieces that make structure, so that random texts hit the branches that cut.
PIECES = st.sampled_from(
    [
        *("# ", "## ", "#", "===\n", "---\n", "```\n", "~~~\n", "<!--", "-->", "> ", "- ", "1. "),
        *("\n", "\n\n", "\r\n", "\r", "\ufeff", "\u2028", "\x0c", "\x00", "\t", "    ", " ", "\\"),
        *("BAB I", "BAB II\n", "BAB XC\n", "Bagian Kesatu\n", "Paragraf 1\n", "Pasal 1\n"),
        *(
            "Pasal 2\n",
            "Pasal I\n",
            "Pasal 1A",
            "(1) ",
            "(2) ",
            "(1a) ",
            "a. ",
            "b. ",
            "1) ",
            "a) ",
        ),
        *(
            "2. ",
            "Menimbang : a. ",
            "Mengingat : 1. ",
            "MEMUTUSKAN:\n",
            "Menetapkan :",
            "KESATU : ",
        ),
        *(
            "PENJELASAN\n",
            "I. UMUM\n",
            "II. PASAL DEMI PASAL",
            "Ayat (1)\n",
            "Huruf a\n",
            "Angka 1\n",
        ),
        *(
            "LAMPIRAN I\n",
            "Ditetapkan di Bandung\n",
            "PENJELASAN ATAS PERATURAN ",
            "kata;\n",
            "Kata,\n",
        ),
        *("1. Ketentuan Pasal 1 diubah sehingga berbunyi sebagai berikut:\n", "KETENTUAN UMUM\n"),
    ]
)
SOURCES = st.one_of(
    st.text(max_size=300),
    st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=60).map("".join),
)


@given(SOURCES)
def test_the_sections_of_any_text_join_to_it(source: str) -> None:
    outline = split(source)

    assert join(outline.sections) == source
    assert [section.position for section in outline.sections] == list(range(len(outline.sections)))
    assert all(section.text for section in outline.sections) or source == ""
    assert all(source.startswith(section.text, section.offset) for section in outline.sections)


@given(SOURCES)
def test_a_parent_and_its_descendants_are_one_stretch_of_the_text(source: str) -> None:
    outline = split(source)
    ends = subtree_ends(outline.sections)

    for section in outline.sections:
        whole = join(outline.sections[section.position : ends[section.position]])
        assert source.startswith(whole, section.offset)
        for child in children(outline, section.position):
            assert section.offset < child.offset < section.offset + len(whole)


def test_every_real_revision_joins_to_itself(test_data: Path) -> None:
    revisions = sorted(test_data.glob("docs/*/r*.md"))
    assert len(revisions) == 259

    for path in revisions:
        source = path.read_bytes().decode()
        assert join(split(source).sections) == source, path


def test_odd_input_joins_to_itself(test_data: Path) -> None:
    for path in sorted(test_data.glob("badinput/*.json")):
        for entry in json.loads(path.read_text()):
            for value in entry.values():
                if isinstance(value, str):
                    assert join(split(value).sections) == value


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_odd_blanks_survive(end: str) -> None:
    source = f"\ufeff# Satu{end}a\u2028b\x0cc{end}{end}Dua{end}==={end}d{end}"

    outline = split(source)

    assert labels(outline) == ["Satu", "Dua"]
    assert join(outline.sections) == source


def test_headings_nest_by_level() -> None:
    outline = split("kata\n\n# A\n\n### A1\n\n## A2\n\nB\n-\n\nC\n=\n")

    assert labels(outline) == ["Pembukaan", "A", "A1", "A2", "B", "C"]
    assert [section.parent for section in outline.sections] == [None, None, 1, 1, 1, None]


def test_a_text_without_headings_is_one_preamble() -> None:
    assert [(s.kind, s.text) for s in split("satu\n\ndua").sections] == [
        ("preamble", "satu\n\ndua")
    ]
    assert [(s.kind, s.text) for s in split("").sections] == [("preamble", "")]


def test_blank_lines_before_the_first_heading_belong_to_it() -> None:
    assert labels(split("\n\n# A\n")) == ["A"]


@pytest.mark.parametrize(
    "source",
    [
        "```\n# bukan\n```\n",
        "~~~\n# bukan\n```\n# bukan\n~~~\n",
        "    # bukan\n",
        "<!--\n# bukan\n-->\n",
        "> # bukan\n",
        "- butir\n---\n",
        "- butir\nterus\n---\n",
        "| a |\n|---|\n| b |\n",
        "---\ntitle: x\n---\nkata\n",
        "#bukan\n",
        "####### bukan\n",
        "***\n---\n",
    ],
)
def test_what_only_looks_like_a_heading(source: str) -> None:
    assert [section.kind for section in split(source).sections] == ["preamble"]


def test_an_unclosed_comment_hides_nothing() -> None:
    assert labels(split("<!-- x\n\n# A\n")) == ["Pembukaan", "A"]


@pytest.mark.parametrize(
    "heading, number",
    [
        ("2.1 Scope", "2.1"),
        ("2.1. Scope", "2.1"),
        ("3 Scope", "3"),
        ("3. Scope", "3"),
        ("A. Definitions", "A"),
        ("IV. Titre", "IV"),
        ("§ 12a Inhalt", "§ 12a"),
        ("Article 3 - Titre", "Article 3"),
        ("Scope", ""),
        ("02 September 2020", ""),
        ("2020 report", ""),
        ("A definition", ""),
    ],
)
def test_a_numbered_heading_keeps_its_number(heading: str, number: str) -> None:
    (section,) = split(f"## {heading}\n").sections

    assert (section.number, section.label, section.heading) == (number, heading, heading)


@pytest.mark.parametrize(
    "markup, words",
    [
        ("## **Foo** `bar` ##", "Foo bar"),
        ("# [Foo](https://a.example) &amp; _bar_ {#id}", "Foo & bar"),
        ("# ![Logo](x.png)", "Logo"),
        ("Foo\nbar\n===", "Foo bar"),
        ("#", ""),
    ],
)
def test_a_heading_is_cited_by_its_visible_words(markup: str, words: str) -> None:
    assert split(markup).sections[0].heading == words


def test_duplicate_headings_are_two_sections() -> None:
    assert labels(split("# A\n# A\n")) == ["A", "A"]


def test_ancestors_run_from_the_outside_in() -> None:
    outline = split("# A\n## B\n### C\n")

    assert [section.label for section in ancestors(outline, 2)] == ["A", "B"]


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "source",
    [
        "\n" * 2_000_000,
        "<!--\n" * 200_000,
        "# " + "[" * 65_536,
        "---\na: b\n" + "x\n" * 300_000,
        "> " * 30_000 + "# a",
        "**" * 400_000 + "Pasal 1\nPasal 1\n",
        "Pasal 1\n" + "(1) " * 200_000,
        "Pasal 1\n" + "a. x\n" * 100_000,
        "Pasal 1\n" + "1. Ketentuan " * 100_000 + "diubah sebagai berikut:\n",
        "BAB I\n" + "I. UMUM " * 100_000 + "\nPENJELASAN ATAS PERATURAN " * 1_000,
        "Pasal I\ndiubah sebagai berikut:\n" + "1. Pasal 1\n" * 50_000,
        "Pasal 1\n" + "Pasal 3 . . .\n" * 50_000,
    ],
    ids=lambda source: repr(source[:16]),
)
def test_hostile_texts_end_soon(source: str) -> None:
    assert join(split(source).sections) == source


def test_a_circular_without_markdown_has_lettered_headings() -> None:
    source = (
        "SURAT EDARAN\n\nA. Latar Belakang\n\nKota A. B. dan lain-lain.\n\nB. Dasar\n1. Satu;\n"
        "2. Dua.\n\nA. Hamid\n\nF. Lain\n\nD. Penutup\n\nSelesai.\n"
    )
    assert [section.label for section in split(source).sections] == [
        "Pembukaan",
        "A. Latar Belakang",
        "B. Dasar",
        "D. Penutup",
    ]
    numerals = "I. UMUM\n\nA. Satu\n\nB. Dua\n\nII. ISI\n\nBerlaku.\n"
    assert [section.number for section in split(numerals).sections] == ["I", "II"]
    assert len(split(f"# Edaran\n\n{source}").sections) == 4
    marked = "".join(f"# {word}\n\nIsi.\n\n" for word in ("Satu", "Dua", "Tiga"))
    assert len(split(f"{marked}{source}").sections) == 3
    assert len(split("Daftar\n\nA. Hamid Saleh\n\nWassalam.\n").sections) == 1


def test_an_export_without_heading_styles_is_cut_at_its_bold_lines() -> None:
    source = (
        "**STAFF** **RULES**\n\n**Chapter 1**\n\n3\\. **Duties**\n\nEmployees shall **act**.\n\n"
        "**Note:**\n\n**Bold** first.\n\n[]{#_Toc1 .anchor}**4. Discipline**\n\n**No blank**\nx\n"
    )
    sections = split(source).sections
    assert [(one.label, one.parent) for one in sections] == [
        ("STAFF RULES", None),
        ("Chapter 1", None),
        ("3. Duties", 1),
        ("4. Discipline", 1),
    ]
    assert own_words(sections[2]).strip().startswith("Employees shall")
    assert own_words(sections[3]).strip() == "**No blank**\nx"


def test_a_numbered_line_alone_is_a_heading_when_underlined() -> None:
    labels = [
        section.label for section in split("1. Time\n-------\n\nx\n\n2. Leave\n=====\n").sections
    ]
    assert labels == ["1. Time", "2. Leave"]
    assert len(split("1. Time\n2. Leave\n-------\n\nx\n").sections) == 1
    assert len(split("1. Time\n\n-------\n\nx\n").sections) == 1
