"""A text comes back byte for byte, whatever is in it."""

from __future__ import annotations

import pytest

from tests.api.program import City, Program, key_of, made, told

SOURCES = {
    "a byte order mark": "\ufeffPasal 1\n\nIsi.\n",
    "lines that end in CRLF": "# Judul\r\n\r\nIsi.\r\n",
    "lines that end in CR": "# Judul\r\rIsi.\r",
    "no line end": "# Judul",
    "blanks at all ends": "  \n\t\n# Judul  \n\n\n Isi. \t \n\n",
    "no headings": "Hanya sebuah kalimat.",
    "people and accents": "# 👩🏽 é e\u0301\n\nIsi\u00a0 \U0010ffff.\n",
    "what some take for line ends": "# Judul \u2028\x0b\x0c\x1c\x85 \u200b\n\nIsi.\n",
    "an open fence": "```\nPasal 1\n\n# Bukan judul\n",
    "headings of the same name": "# Sama\n\n# Sama\n\n# Sama\n",
}


@pytest.fixture
def ratna(city: City) -> Program:
    return city.program("ratna", "drafter")


def test_texts_come_back_byte_for_byte(city: City, ratna: Program) -> None:
    for name, source in SOURCES.items():
        slug = city.start(ratna, source)
        assert told(ratna.get(f"/policies/{slug}/draft"))["source"] == source, name
        revision = city.publish(ratna, slug)
        assert "".join(section["text"] for section in revision["sections"]) == source, name
        sent = ratna.get(f"/policies/{slug}/revisions/1/source")
        assert sent.data == source.encode(), name
        again = ratna.get(
            f"/policies/{slug}/revisions/1/source", headers={"If-None-Match": sent.headers["ETag"]}
        )
        assert again.status_code == 304


def test_positions_count_code_points(city: City, ratna: Program) -> None:
    slug = city.start(ratna, "# 👩🏽‍⚕️\n\nKata 👍🏽 dan kata.\n\n# Dua\n\n👍🏽 kata kata\n")
    revision = city.publish(ratna, slug)
    key = key_of(revision["sections"], "Dua")
    body = {"section": key, "body": "👍🏽", "quote": {"exact": "kata", "start": 13}}
    quote = made(ratna.post(f"/policies/{slug}/revisions/1/threads", body))["quote"]
    section = next(entry for entry in revision["sections"] if entry["key"] == key)
    assert section["text"][quote["start"] : quote["end"]] == "kata"
    assert quote["start"] == section["text"].rindex("kata")


def test_a_comment_keeps_its_markdown_and_is_shown_safely(city: City, ratna: Program) -> None:
    slug = city.consulted(ratna)
    body = "  **tebal**\n\n<script>alert(1)</script> [x](javascript:alert(1)) \"'&\n"
    thread = made(
        ratna.post(f"/policies/{slug}/revisions/1/threads", {"section": None, "body": body})
    )
    comment = thread["comments"][0]
    assert comment["body"] == body
    assert "<strong>tebal</strong>" in comment["html"]
    assert "<script" not in comment["html"]
    assert "href" not in comment["html"]
