"""Changes are shown as wording, safely, in HTML and in plain text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from policyforum.text.redline import paragraphs, to_html, to_text
from policyforum.text.spans import Span
from tests.text.comparing import compared


def shown(source: str, changed: str) -> str:
    return to_html(compared(source, changed).sections[0].spans)


def test_changed_words_are_marked() -> None:
    assert shown("paling lama 5 (lima) hari", "paling lama 7 (tujuh) hari") == (
        "<p>paling lama <del>5 (lima)</del> <ins>7 (tujuh)</ins> hari</p>"
    )


def test_readers_see_wording_not_syntax() -> None:
    html = shown(
        "## Hak\n\nSetiap **pegawai** [wajib](https://a.example/x) hadir",
        "## Hak\n\nSetiap **pegawai** [wajib](https://a.example/x) hadir dan `mengisi` daftar",
    )
    assert html == ("<p>Hak</p><p>Setiap pegawai wajib hadir <ins>dan mengisi daftar</ins></p>")


def test_items_keep_their_lines_and_wrapped_lines_do_not() -> None:
    html = shown("(1) satu dua\n(2) tiga\nempat", "(1) satu dua\n(2) tiga\nempat lima")
    assert html == "<p>(1) satu dua<br>(2) tiga empat <ins>lima</ins></p>"


def test_white_space_is_never_a_visible_change() -> None:
    assert shown("satu dua\ntiga", "satu\ndua tiga") == "<p>satu dua tiga</p>"


def test_markup_in_the_text_is_text() -> None:
    html = shown("a <b", "a <script>alert(1)</script> <b onclick=x & co")
    assert "<script" not in html
    assert "<b" not in html


def test_words_for_screen_readers_come_from_outside() -> None:
    spans = (Span("equal", "a "), Span("delete", "b "), Span("insert", "c "))
    assert to_html(spans, "added:", "removed:") == (
        '<p>a <del><span class="visually-hidden">removed: </span>b</del> '
        '<ins><span class="visually-hidden">added: </span>c</ins></p>'
    )


def test_one_side_alone_reads_as_its_own_text() -> None:
    spans = compared("satu dua tiga", "satu empat tiga").sections[0].spans
    old = paragraphs([span for span in spans if span.op != "insert"])
    assert "".join(piece.text for piece in old[0]) == "satu dua tiga"


def test_plain_text_marks_changes_like_a_word_diff() -> None:
    spans = compared("satu dua tiga", "satu empat tiga").sections[0].spans
    assert to_text(spans) == "satu [-dua-] {+empat+} tiga"


MARKUP = st.sampled_from(
    [
        "# ",
        "**",
        "`",
        "[a](b)",
        "- ",
        "\n",
        "\n\n",
        "<b>",
        "&amp;",
        "|",
        "kata ",
        "~~~\n",
        "\\",
        "_",
    ]
)


@given(st.lists(MARKUP).map("".join), st.lists(MARKUP).map("".join))
def test_html_is_balanced_whatever_the_text(source: str, changed: str) -> None:
    for change in compared(source, changed).sections:
        html = to_html(change.spans)
        for tag in ("p", "ins", "del"):
            assert html.count(f"<{tag}>") == html.count(f"</{tag}>")
        assert html.count("<") == sum(
            html.count(tag) for tag in ("<p>", "</p>", "<ins>", "</ins>", "<del>", "</del>", "<br>")
        )
