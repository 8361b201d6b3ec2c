"""Writing a draft, alone and with others: nothing anybody wrote is lost."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from policyforum.drafting.views import editing
from policyforum.text.sections import Outline, split
from tests.drafting.conftest import desk_of
from tests.drafting.desk import LAW, Desk, soup_of, text_of
from tests.people import hidden_fields

AS_SCRIPT = {"headers": {"Accept": "application/json"}}


def test_a_save_is_the_draft_and_counts_up(desk: Desk) -> None:
    slug = desk.start()
    assert desk.save(slug, LAW + "Tambahan.\n", 1).status_code == 303
    assert desk.source(slug).decode() == LAW + "Tambahan.\n"
    assert desk.version(slug) == 2


def test_saving_without_a_change_is_no_save(desk: Desk) -> None:
    mixed = b"# Satu\r\nDua\nTiga\r"
    slug = desk.start(source=mixed)
    desk.save(slug, "# Satu\r\nDua\r\nTiga\r\n", 1)
    assert desk.source(slug) == mixed
    assert desk.version(slug) == 1


def test_a_draft_with_crlf_keeps_crlf(desk: Desk) -> None:
    slug = desk.start(source=b"# Satu\r\n\r\nDua\r\n")
    desk.save(slug, "# Satu\r\n\r\nDua tiga\r\n", 1)
    assert desk.source(slug) == b"# Satu\r\n\r\nDua tiga\r\n"


def test_the_script_that_saves_while_typing_gets_the_version(desk: Desk) -> None:
    slug = desk.start()
    answer = desk.save(slug, LAW + "Satu.\n", 1, **AS_SCRIPT)
    assert answer.status_code == 200
    assert answer.json["version"] == 2
    assert answer.json["source"] is None
    assert answer.json["saved"].startswith("Saved ")


def test_two_drafters_in_different_places_are_merged(desk: Desk, other_desk: Desk) -> None:
    slug = desk.start()
    desk.save(slug, LAW.replace("31 Maret", "30 April"), 1)
    answer = other_desk.save(slug, LAW.replace("diundangkan", "ditetapkan"), 1)
    assert answer.status_code == 303
    assert "together with what Ratna wrote" in text_of(other_desk.get(answer.location))
    merged = LAW.replace("31 Maret", "30 April").replace("diundangkan", "ditetapkan")
    assert other_desk.source(slug).decode() == merged
    assert desk.version(slug) == 3


def test_the_script_gets_the_merged_text(desk: Desk, other_desk: Desk) -> None:
    slug = desk.start()
    desk.save(slug, LAW.replace("31 Maret", "30 April"), 1)
    answer = other_desk.save(slug, LAW.replace("diundangkan", "ditetapkan"), 1, **AS_SCRIPT)
    assert answer.json["version"] == 3
    assert "30 April" in answer.json["source"]
    assert "ditetapkan" in answer.json["source"]


def test_the_same_words_changed_twice_are_shown_and_both_kept(desk: Desk, other_desk: Desk) -> None:
    slug = desk.start()
    theirs, ours = LAW.replace("31 Maret", "30 April"), LAW.replace("31 Maret", "1 Februari")
    desk.save(slug, theirs, 1)
    assert other_desk.save(slug, ours, 1, **AS_SCRIPT).status_code == 409
    answer = other_desk.save(slug, ours, 1)
    assert answer.status_code == 409
    shown = [wording.text for wording in soup_of(answer).select(".wordings .wording")]
    assert any("Februari" in wording for wording in shown)
    assert any("April" in wording for wording in shown)
    line = next(line for line in LAW.splitlines() if "31 Maret" in line)
    changed = (ours, theirs)
    assert shown == [text[text.index(line[:20]) :].splitlines()[0] for text in changed]
    assert "Ratna" in text_of(answer)
    assert desk.source(slug).decode() == theirs
    saves = [
        soup_of(desk.get(f"/policies/{slug}/draft/saves/{version}")).select("pre")[-1].text
        for version in (2, 3)
    ]
    assert saves == [theirs, ours]
    assert desk.get(f"/policies/{slug}/draft/saves/4").status_code == 404  # kept once


def test_only_those_whose_words_are_in_the_draft_are_named(
    app: Flask, desk: Desk, other_desk: Desk
) -> None:
    slug = desk.start()
    desk.save(slug, LAW.replace("31 Maret", "30 April"), 1)
    other_desk.save(slug, LAW.replace("31 Maret", "1 Februari"), 1)
    third = desk_of(app, "tia@kota.example", "Tia").save(slug, LAW.replace("31 Maret", "9 Mei"), 1)
    lede = soup_of(third).select_one(".lede").text
    assert "You and Ratna" in lede
    assert "Bayu" not in lede


def test_a_conflict_is_settled_by_saving_the_merged_text(desk: Desk, other_desk: Desk) -> None:
    slug = desk.start()
    desk.save(slug, LAW.replace("31 Maret", "30 April"), 1)
    page = soup_of(other_desk.save(slug, LAW.replace("31 Maret", "1 Februari"), 1))
    merged = page.select_one("#source").text.lstrip("\r\n")
    assert "1 Februari" in merged
    version = int(page.select_one("form[data-conflicts] input[name=version]")["value"])
    assert other_desk.save(slug, merged, version).status_code == 303
    assert "1 Februari" in desk.source(slug).decode()


def test_what_can_not_be_saved_stays_in_the_field(desk: Desk) -> None:
    slug = desk.start()
    answer = desk.save(slug, "kata\x00kata", 1)
    assert answer.status_code == 422
    assert "NUL" in text_of(answer)
    big = desk.save(slug, "a" * (5 * 1024 * 1024 + 1), 1)
    assert big.status_code == 422
    assert len(soup_of(big).select_one("#source").text) > 5 * 1024 * 1024
    assert desk.save(slug, "kata\x00", 1, **AS_SCRIPT).json["message"]
    assert desk.version(slug) == 1


def test_a_text_refused_for_its_size_stays_in_the_field_and_is_not_taken_apart(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    slug = desk.start()
    taken_apart: list[int] = []

    def counted(source: str) -> Outline:
        taken_apart.append(len(source))
        return split(source)

    monkeypatch.setattr(editing, "split", counted)
    typed = "Pasal 1\n\nSatu.\n\n" * 400_000
    for where in ("draft", "draft/preview", "draft/fix"):
        page = desk.get(f"/policies/{slug}/draft").get_data(as_text=True)
        taken_apart.clear()
        form = {**hidden_fields(page), "source": typed, "version": "1"}
        answer = desk.client.post(f"/policies/{slug}/{where}", data=form)
        assert answer.status_code == 422
        assert answer.get_data(as_text=True).count("Satu.") == 400_000
        assert sum(taken_apart) == 0


def test_a_version_that_never_was_is_refused(desk: Desk) -> None:
    slug = desk.start()
    assert desk.save(slug, "lain", 77).status_code == 422
    assert desk.source(slug).decode() == LAW


def test_a_file_can_replace_the_text(desk: Desk) -> None:
    slug = desk.start()
    form = {"file": (_file(b"# Baru\r\n"), "baru.md"), "version": "1"}
    page = f"/policies/{slug}/draft"
    assert desk.post(f"{page}/file", form, page=page).status_code == 303
    assert desk.source(slug) == b"# Baru\r\n"
    wrong = {"file": (_file(b"\xff\xfe"), "baru.md"), "version": "2"}
    answer = desk.post(f"{page}/file", wrong, page=page)
    assert answer.status_code == 422
    assert "byte 1" in text_of(answer)
    assert desk.post(f"{page}/file", {"version": "2"}, page=page).status_code == 422


def test_an_earlier_save_can_be_put_back(desk: Desk) -> None:
    slug = desk.start()
    desk.save(slug, "# Semua lain\n", 1)
    page = f"/policies/{slug}/draft/saves/1"
    assert "What putting it back would change" in text_of(desk.get(page))
    assert desk.post(f"{page}/restore", page=page).status_code == 303
    assert desk.source(slug).decode() == LAW
    assert desk.version(slug) == 3
    listed = text_of(desk.get(f"/policies/{slug}/draft/saves"))
    assert "put an earlier save back" in listed
    assert "opened the policy" in listed


def test_saves_are_listed_page_by_page(desk: Desk) -> None:
    slug = desk.start()
    for number in range(1, 25):
        desk.save(slug, f"{LAW}\n{number}\n", number)
    first = soup_of(desk.get(f"/policies/{slug}/draft/saves"))
    numbers = [int(item.text) for item in first.select(".saves .no")]
    second = soup_of(desk.get(first.select_one("a[rel=next]")["href"]))
    numbers += [int(item.text) for item in second.select(".saves .no")]
    assert numbers == list(range(25, 0, -1))


def test_the_structure_and_its_doubts_are_shown_with_their_lines(desk: Desk) -> None:
    slug = desk.start()
    shown = text_of(desk.get(f"/policies/{slug}/draft"))
    assert "2 chapters, 3 articles, 2 paragraphs" in shown
    twice = "# Tujuan\n\nA\n\n# Tujuan\n\nB\n"
    answer = _preview(desk, slug, twice)
    issue = soup_of(answer).select_one(".issues li")
    assert "Tujuan" in issue.text
    assert issue.a["data-line"] == "5"
    assert "No headings found" in text_of(_preview(desk, slug, "hanya kata-kata"))
    assert "The text is empty." in text_of(_preview(desk, slug, " \n"))


def test_breaches_of_drafting_rules_are_told_with_what_to_write(desk: Desk) -> None:
    slug = desk.start()
    shown = _preview(desk, slug, "# Pasal 1\nPaling lama 30 hari.\n\n# Pasal 2\nLihat Pasal 9.\n")
    issues = soup_of(shown).select(".issues li")
    assert [issue.a["data-line"] for issue in issues] == ["2", "5"]
    assert "30 (tiga puluh)" in issues[0].text
    assert "“Pasal 9” is cited, but there is no such provision." in issues[1].text


def test_a_preview_shows_the_text_as_read_and_keeps_what_was_typed(desk: Desk) -> None:
    slug = desk.start()
    page = desk.post(
        f"/policies/{slug}/draft/preview",
        {"source": LAW + "<script>alert(1)</script>\n", "version": "1"},
        page=f"/policies/{slug}/draft",
    )
    preview = soup_of(page).select_one(".side-preview")
    assert [number.text.split() for number in preview.select(".num")] == [
        ["Pasal", "1"],
        ["Pasal", "2"],
        ["Pasal", "3"],
    ]
    assert preview.script is None
    assert "alert(1)" in soup_of(page).select_one("#source").text
    assert desk.source(slug).decode() == LAW


def _preview(desk: Desk, slug: str, source: str) -> TestResponse:
    return desk.post(
        f"/policies/{slug}/draft/preview", {"source": source}, page=f"/policies/{slug}/draft"
    )


def _file(content: bytes) -> io.BytesIO:
    return io.BytesIO(content)
