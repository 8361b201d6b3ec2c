"""The reading page's blocks: units, markup, literal markers, safe HTML."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from policyforum.text.layout import Block, blocks, section_html
from policyforum.text.sections import split

NBSP = "\u00a0"


def laid_out(source: str) -> tuple[Block, ...]:
    outline = split(source)
    return blocks(outline, [f"k{section.position}" for section in outline.sections])


def html_of(source: str, label: str) -> str:
    return next(block.html for block in laid_out(source) if block.label == label)


ARTICLE = """\
## BAB I
KETENTUAN UMUM

### Pasal 2
(1) Beasiswa diberikan kepada Pegawai ASN yang:
a. berstatus **PNS**; dan
b. tidak sedang dihukum,

wajib mengajukan permohonan sebagaimana dimaksud pada ayat (2).
(2) Paling lama 30 (tiga puluh) hari.
"""


def test_an_article_is_one_block_with_its_ayat_and_items_inside() -> None:
    chapter, article = laid_out(ARTICLE)

    assert (chapter.kind, chapter.number, chapter.heading) == ("bab", "I", "KETENTUAN UMUM")
    assert chapter.html == ""
    assert (article.key, article.label, article.number) == ("k1", "Pasal 2", "2")
    assert article.html == (
        '<div class="ayat" id="s-k2"><span class="a">(1)</span>'
        "<div>Beasiswa diberikan kepada Pegawai ASN yang:"
        '<ol class="hrf">'
        '<li id="s-k3"><span class="a">a.</span>'
        "<div>berstatus <strong>PNS</strong>; dan</div></li>"
        '<li id="s-k4"><span class="a">b.</span>'
        "<div>tidak sedang dihukum,</div></li></ol>"
        '<div class="tail" id="s-k5">'
        f"<p>wajib mengajukan permohonan sebagaimana dimaksud pada ayat{NBSP}(2).</p></div>"
        "</div></div>"
        '<div class="ayat" id="s-k6"><span class="a">(2)</span>'
        f"<div>Paling lama 30{NBSP}(tiga puluh) hari.</div></div>"
    )


def test_units_of_a_page_and_sections_inside_them() -> None:
    source = (
        "RANCANGAN\nTENTANG\nX\n\nMenimbang : a. x;\nb. y;\nMEMUTUSKAN:\nMenetapkan : Z\n"
        "BAB I\nUMUM\nBagian Kesatu\nDua\nPasal 1\nTeks.\nDitetapkan di Bandung\nWALI KOTA,\n"
        "PENJELASAN\nI. UMUM\nKata.\nII. PASAL DEMI PASAL\nPasal 1\nAyat (1)\nCukup jelas.\n"
        "LAMPIRAN\n# Tabel\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    )

    found = laid_out(source)

    assert [block.label for block in found] == [
        "Pembukaan",
        "Menimbang",
        "Menetapkan",
        "BAB I",
        "BAB I Bagian Kesatu",
        "Pasal 1",
        "Penutup",
        "Penjelasan",
        "Penjelasan Umum",
        "Penjelasan Pasal demi Pasal",
        "Penjelasan Pasal 1",
        "Lampiran",
        "Tabel",
    ]
    assert found[0].html == "<p>RANCANGAN<br>\nTENTANG<br>\nX</p>"
    assert found[1].html.startswith('<ol class="hrf"><li')
    assert found[6].html == "<p>Ditetapkan di Bandung<br>\nWALI KOTA,</p>"
    assert f'<span class="a">Ayat{NBSP}(1)</span>' in found[10].html
    assert "<td>2</td>" in found[12].html


@pytest.mark.parametrize(
    "words, glued",
    [
        ("pada ayat (1)", f"pada ayat{NBSP}(1)"),
        ("dalam Pasal 12 huruf b", f"dalam Pasal{NBSP}12 huruf{NBSP}b"),
        ("angka 3 dan BAB IV", f"angka{NBSP}3 dan BAB{NBSP}IV"),
        ("1 (satu) orang", f"1{NBSP}(satu) orang"),
        ("pukul 16.00 WIB", f"pukul 16.00{NBSP}WIB"),
        ("huruf besar", "huruf besar"),
        ("Pasal *5* dan ayat (2)", f"Pasal <em>5</em> dan ayat{NBSP}(2)"),
    ],
)
def test_numbers_stay_with_their_words(words: str, glued: str) -> None:
    assert html_of(f"Pasal 1\n{words}\nPasal 2\n", "Pasal 1") == f"<p>{glued}</p>"


def test_a_line_that_looks_like_an_item_out_of_sequence_keeps_its_own_line() -> None:
    html = html_of("Pasal 1\nBerlaku juga bagi\ndr. yang bertugas.\nPasal 2\n", "Pasal 1")

    assert html == "<p>Berlaku juga bagi</p><p>dr. yang bertugas.</p>"


def test_numbers_are_never_renumbered() -> None:
    html = html_of("Pasal 1\nTeks:\n1. satu;\n1. dua.\nPasal 2\n", "Pasal 1")

    items = BeautifulSoup(html, "html.parser").select("li > .a")
    assert [item.text for item in items] == ["1.", "1."]


def test_a_generic_section_keeps_heading_apart_from_body() -> None:
    source = (
        "# 2.1 Judul\n\nKata [a][r] dan [^1].\n\n- x\n\n```\n<b>\n```\n\nDua\n---\nb\n\n"
        "# Akhir\n\n[r]: https://a.example\n[^1]: Catatan kaki\n"
    )

    first, second, last = laid_out(source)

    assert (first.heading, first.number) == ("2.1 Judul", "2.1")
    assert first.html.startswith(
        '<p>Kata <a href="https://a.example" rel="nofollow noopener noreferrer">a</a>'
        " dan <sup>1</sup>.</p>"
    )
    assert "<pre><code>&lt;b&gt;\n</code></pre>" in first.html
    assert (second.heading, second.html) == ("Dua", "<p>b</p>")
    assert last.html == "<p><sup>1</sup>: Catatan kaki</p>"


def test_front_matter_is_shown_as_written() -> None:
    (block,) = laid_out("---\ntitle: <x>\n---\n\nKata.\n")

    assert block.html == "<pre><code>---\ntitle: &lt;x&gt;\n---</code></pre><p>Kata.</p>"


def test_one_sections_own_words() -> None:
    html = [section_html(section) for section in split(ARTICLE).sections]

    assert html[0] == ""
    assert html[2] == (
        '<div><span class="a">(1)</span>'
        "<div>Beasiswa diberikan kepada Pegawai ASN yang:</div></div>"
    )
    assert html[5].startswith("<p>wajib mengajukan")


def test_what_a_scan_glued_to_a_head_is_shown() -> None:
    html = html_of("BAB II TUGAS Pasal 2 (1) Teks biasa\nlagi.\nPasal 3\nTeks.\n", "BAB II")

    assert html == f"<p>Pasal{NBSP}2 (1) Teks biasa\nlagi.</p>"


def test_a_head_given_twice_is_shown_by_the_page_alone() -> None:
    assert html_of("Pasal 1\nPasal 1\nTeks.\nPasal 2\n", "Pasal 1") == "<p>Teks.</p>"


def test_keys_cannot_break_out_of_attributes() -> None:
    outline = split("Pasal 1\n(1) Satu.\nPasal 2\n")

    (first, _) = blocks(outline, ["a", '"><script>', "c"])

    assert "<script>" not in first.html


@pytest.mark.parametrize(
    "frame", ["{}", "# A\n\n{}", "Pasal 1\n(1) {}\nPasal 2\n", "Pasal 1\n{}\n"]
)
def test_attacks_are_shown_or_dropped_never_kept(test_data: Path, frame: str) -> None:
    vectors = json.loads((test_data / "badinput" / "dompurify-vectors.json").read_text())

    for vector in vectors:
        for block in laid_out(frame.format(vector["payload"])):
            for element in BeautifulSoup(block.html, "html.parser").find_all(True):
                assert_harmless(element)


def assert_harmless(element: Tag) -> None:
    assert element.name not in ("script", "style", "iframe", "svg", "math", "img", "form", "input")
    allowed = {"href", "rel", "title", "start", "id", "class"}
    assert set(element.attrs) <= allowed
    href = str(element.attrs.get("href", "https://"))
    assert href.startswith(("https://", "http://", "mailto:"))


def test_a_real_law_shows_every_section_once(test_data: Path) -> None:
    outline = split((test_data / "docs" / "id-uu-pemda" / "r001.md").read_text())
    keys = [f"k{section.position}" for section in outline.sections]

    found = blocks(outline, keys)

    inside = [
        str(element["id"]).removeprefix("s-")
        for block in found
        for element in BeautifulSoup(block.html, "html.parser").select('[id^="s-"]')
    ]
    assert sorted(inside + [block.key for block in found]) == sorted(keys)


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "line", [">" * 65_536, "[" * 65_536, "*" * 65_536, "<" * 30_000, "- " * 30_000]
)
def test_hostile_contents_end_soon(line: str) -> None:
    assert laid_out(f"Pasal 1\n{line}\nPasal 2\n{line}")
    assert laid_out(f"# A\n\n{line}")
