"""Before publishing a drafter sees where every section comes from, and may say it better."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from policyforum.db.session import db
from policyforum.organisation.actor import Actor, Grant
from policyforum.policies.models import RevisionSection, SectionOrigin
from policyforum.policies.queries import policy_by_slug, revision_by_number, sections_of
from tests.drafting.desk import LAW, Desk, soup_of, text_of
from tests.people import make_token

ANYONE = Actor(grants=frozenset([Grant("drafter")]))
REWRITTEN = LAW.replace(
    "Setiap Pegawai ASN berhak mengikuti pengembangan kompetensi.",
    "Wali Kota menetapkan daftar jabatan kritis beserta calon penggantinya setiap tahun.",
)
INSERTED = REWRITTEN.replace(
    "Pasal 1\n", "Pasal 1\n\nIstilah yang dipakai dijelaskan dalam lampiran.\n\nPasal 2\n", 1
).replace("Pasal 2\n\n(1)", "Pasal 3\n\n(1)")


def test_every_section_is_listed_with_what_it_continues_how_sure_and_why(desk: Desk) -> None:
    slug = _second_draft(desk, INSERTED)
    shown = text_of(desk.get(f"/policies/{slug}/draft/origins"))
    assert (
        "Pasal 3 changed , continues Pasal 2 · what is inside it is the same · 100% sure" in shown
    )
    assert "Pasal 1 added · nothing like it was there before" in shown
    whole = soup_of(desk.get(f"/policies/{slug}/draft/origins?show=all"))
    assert "BAB II" in [_label(line) for line in whole.select(".origin-list li")]
    assert "BAB II" not in shown
    assert "ayat" not in shown, "what only stands under another number now has nothing to say"


def test_what_nothing_continues_is_listed_too(desk: Desk) -> None:
    slug = _second_draft(desk, LAW[: LAW.index("BAB II")])
    gone = soup_of(desk.get(f"/policies/{slug}/draft/origins")).select(".gone-list li")
    assert [line.text.split("\n")[0].strip() for line in gone] == ["BAB II PENUTUP", "Pasal 3"]


def test_a_chosen_origin_is_shown_and_published(app: Flask, desk: Desk) -> None:
    slug = _second_draft(desk, INSERTED)
    old = _keys(app, slug, 1)
    assert _choose(app, desk, slug, "Pasal 1", old["Pasal 3"]).status_code == 303
    assert "continues Pasal 3 · chosen by a drafter" in text_of(
        desk.get(f"/policies/{slug}/draft/origins")
    )
    desk.publish(slug, "Kedua.")
    assert _keys(app, slug, 2)["Pasal 1"] == old["Pasal 3"]
    with app.app_context():
        reason = db.session.scalars(
            select(SectionOrigin.reason)
            .join(RevisionSection, RevisionSection.section_id == SectionOrigin.section_id)
            .where(SectionOrigin.revision_id == _revision_id(slug, 2))
            .where(RevisionSection.label == "Pasal 1")
        ).first()
    assert reason == "override"


def test_a_section_may_be_said_to_be_new(app: Flask, desk: Desk) -> None:
    slug = _second_draft(desk, LAW.replace("31 Maret", "30 April"))
    _choose(app, desk, slug, "Pasal 2 ayat (2)", "new")
    desk.publish(slug, "Kedua.")
    assert _keys(app, slug, 2)["Pasal 2 ayat (2)"] not in _keys(app, slug, 1).values()


def test_a_choice_can_be_taken_back(app: Flask, desk: Desk) -> None:
    slug = _second_draft(desk, LAW.replace("31 Maret", "30 April"))
    _choose(app, desk, slug, "Pasal 2 ayat (2)", "new")
    _choose(app, desk, slug, "Pasal 2 ayat (2)", "recognised")
    desk.publish(slug, "Kedua.")
    assert _keys(app, slug, 2) == _keys(app, slug, 1)


def test_any_earlier_section_of_its_kind_may_be_chosen(app: Flask, desk: Desk) -> None:
    slug = _second_draft(desk, INSERTED)
    old = _keys(app, slug, 1)
    path = _path(app, desk, slug, "Pasal 1")
    offered = {option["value"] for option in soup_of(desk.get(path)).select("#other option")}
    listed = {radio["value"] for radio in soup_of(desk.get(path)).select("[name=origin]")}
    assert {old["Pasal 1"], old["Pasal 2"], old["Pasal 3"]} <= offered | listed
    assert old["BAB I"] not in offered | listed
    other = next(iter(offered - {""}))
    assert desk.post(path, {"origin": "other", "other": other}).status_code == 303
    assert desk.post(path, {"origin": "other", "other": ""}).status_code == 422


def test_a_choice_goes_along_when_the_draft_is_written_on(app: Flask, desk: Desk) -> None:
    slug = _second_draft(desk, INSERTED)
    old = _keys(app, slug, 1)
    _choose(app, desk, slug, "Pasal 1", old["Pasal 3"])
    before = "BAB I\nTUJUAN\n\nPasal 0\n\nTujuan peraturan ini adalah kepastian.\n\n"
    desk.save(slug, before + desk.source(slug).decode().replace("lampiran.", "lampiran ini."), 3)
    desk.publish(slug, "Kedua.")
    new = _keys(app, slug, 2)
    assert new["Pasal 1"] == old["Pasal 3"]
    assert new["Pasal 0"] not in old.values()


def test_one_earlier_section_is_not_continued_twice(app: Flask, desk: Desk) -> None:
    slug = _second_draft(desk, INSERTED)
    old = _keys(app, slug, 1)
    _choose(app, desk, slug, "Pasal 1", old["Pasal 3"])
    answer = _choose(app, desk, slug, "Pasal 2", old["Pasal 3"])
    assert answer.status_code == 422
    assert "You chose this for Pasal 1 already." in text_of(answer)


def test_a_choice_for_a_draft_that_was_changed_meanwhile_is_refused(
    app: Flask, desk: Desk, other_desk: Desk
) -> None:
    slug = _second_draft(desk, INSERTED)
    path = _path(app, desk, slug, "Pasal 1")
    fields = {
        field["name"]: field["value"]
        for field in soup_of(desk.get(path)).select("form [type=hidden]")
    }
    other_desk.save(slug, INSERTED + "Tambahan.\n", 3)
    answer = desk.client.post(path, data={**fields, "origin": "new"})
    assert answer.status_code == 409
    fresh = {
        field["name"]: field["value"] for field in soup_of(answer).select("form [type=hidden]")
    }
    assert desk.client.post(path, data={**fresh, "origin": "new"}).status_code == 303
    assert "Look again" in text_of(answer)


def test_what_was_chosen_is_used_up_by_publishing(app: Flask, desk: Desk) -> None:
    slug = _second_draft(desk, LAW.replace("31 Maret", "30 April"))
    _choose(app, desk, slug, "Pasal 2 ayat (2)", "new")
    desk.publish(slug, "Kedua.")
    desk.save(slug, desk.source(slug).decode() + "Tambahan.\n", desk.version(slug))
    desk.publish(slug, "Ketiga.")
    assert _keys(app, slug, 3)["Pasal 2 ayat (2)"] == _keys(app, slug, 2)["Pasal 2 ayat (2)"]


def test_citations_are_judged_by_the_chosen_origins_on_every_page(app: Flask, desk: Desk) -> None:
    """On the page to publish, beside the editor, of what is only typed, and for programs."""
    citing = LAW.replace("Peraturan ini", "Ketentuan Pasal 2, Pasal 2 ayat (1), dan Peraturan ini")
    slug = desk.start(source=citing)
    desk.publish(slug)
    moved = citing.replace("Pasal 3\n", "Pasal 4\n").replace("Pasal 2\n", "Pasal 3\n")
    draft = moved.replace("Pasal 1\n\n", "Pasal 1\n\nIstilah diatur di sini.\n\nPasal 2\n\n")
    desk.save(slug, draft, 2)
    editor = f"/policies/{slug}/draft"
    assert "2 citations point elsewhere" in text_of(desk.get(editor))
    _choose(app, desk, slug, "Pasal 2", _keys(app, slug, 1)["Pasal 2"])
    typed = {"source": "Pembukaan.\n\n" + draft, "version": "3"}
    for answer in (
        desk.get(f"/policies/{slug}/publish"),
        desk.get(editor),
        desk.post(f"{editor}/preview", typed, page=editor),
    ):
        assert "One citation points elsewhere" in text_of(answer)
    token = {"Authorization": f"Bearer {make_token(app, 'ratna@kota.example')}"}
    issues = app.test_client().get(f"/api/v1{editor}", headers=token).json["issues"]
    wrong = [one for one in issues if one["code"] == "reference_renumbered"]
    assert [one["fix"]["words"] for one in wrong] == ["Pasal 3 ayat (1)"]


@pytest.mark.parametrize("origin", ["", "tidak-ada", "x" * 20])
def test_an_unknown_origin_is_refused(desk: Desk, origin: str) -> None:
    slug = _second_draft(desk, INSERTED)
    path = f"/policies/{slug}/draft/origins/1"
    assert desk.post(path, {"origin": origin}).status_code == 422


def test_before_the_first_revision_nothing_comes_from_anywhere(desk: Desk) -> None:
    slug = desk.start()
    assert desk.get(f"/policies/{slug}/draft/origins").status_code == 404
    desk.publish(slug)
    assert desk.get(f"/policies/{slug}/draft/origins/99").status_code == 404


def _second_draft(desk: Desk, source: str) -> str:
    slug = desk.start()
    desk.publish(slug)
    desk.save(slug, source, 2)
    return slug


def _choose(app: Flask, desk: Desk, slug: str, label: str, origin: str) -> TestResponse:
    path = _path(app, desk, slug, label)
    listed = {radio["value"] for radio in soup_of(desk.get(path)).select("[name=origin]")}
    chosen = {"origin": origin} if origin in listed else {"origin": "other", "other": origin}
    return desk.post(path, chosen)


def _path(app: Flask, desk: Desk, slug: str, label: str) -> str:
    """The page where the origin of this section of the draft is chosen."""
    page = soup_of(desk.get(f"/policies/{slug}/draft/origins?show=all"))
    (line,) = [line for line in page.select(".origin-list li") if _label(line) == label]
    path: str = line.select_one("a")["href"]
    return path


def _label(line: Any) -> str:
    """The citation alone, without the title after it."""
    found: str = line.select_one(".ch-label").find(string=True, recursive=False)
    return found.strip()


def _keys(app: Flask, slug: str, number: int) -> dict[str, str]:
    with app.app_context():
        rows = sections_of(_revision_id(slug, number))
        return {row.label: row.section.key for row in rows}


def _revision_id(slug: str, number: int) -> int:
    return revision_by_number(policy_by_slug(slug, ANYONE), number).id
