"""Publishing: what it shows before, what it does, and that it does it once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from policyforum.organisation.actor import Actor, Grant
from policyforum.policies.models import Revision
from policyforum.policies.queries import (
    policy_by_slug,
    revision_by_number,
    rounds_of,
    sections_of,
)
from policyforum.text.sections import join
from tests.drafting.desk import LAW, Desk, soup_of, text_of

ANYONE = Actor(grants=frozenset([Grant("drafter")]))


def test_the_first_revision_holds_the_text_exactly(app: Flask, desk: Desk) -> None:
    slug = desk.start()
    answer = desk.publish(slug, "Naskah pertama.")
    assert answer.location == f"/policies/{slug}/revisions/1"
    with app.app_context():
        revision = _revision(slug, 1)
        assert revision.source == LAW
        assert revision.change_note == "Naskah pertama."
        assert revision.article_count == 3
        sections = sections_of(revision.id)
        assert join(sections) == LAW
        assert {section.origin_state for section in sections} == {"new"}
        assert len({section.section.key for section in sections}) == len(sections)
        blocks = {section.label: section.block_position for section in sections}
        positions = {section.label: section.position for section in sections}
        assert blocks["Pasal 2 ayat (2)"] == positions["Pasal 2"]


def test_keys_outlive_renumbering_and_moving(app: Flask, desk: Desk) -> None:
    slug = desk.start()
    desk.publish(slug)
    added = "Pasal 1\n\nDalam Peraturan ini, Wali Kota adalah Wali Kota Bandung.\n\n"
    renumbered = LAW.replace("Pasal 3", "Pasal 4").replace("Pasal 2", "Pasal 3")
    source = renumbered.replace("Pasal 1\n\n", added + "Pasal 2\n\n")
    desk.save(slug, source, 2)
    desk.publish(slug, "Pasal baru.")
    with app.app_context():
        before = {row.label: row for row in sections_of(_revision(slug, 1).id)}
        after = {row.label: row for row in sections_of(_revision(slug, 2).id)}
        assert after["Pasal 3 ayat (2)"].section_id == before["Pasal 2 ayat (2)"].section_id
        assert after["Pasal 4"].section_id == before["Pasal 3"].section_id
        assert after["Pasal 1"].origin_state == "new"
        assert after["Pasal 3 ayat (2)"].origin_state == "same"
        assert _revision(slug, 2).change_totals["sections_new"] == 1


def test_the_draft_goes_on_from_what_was_published(desk: Desk) -> None:
    slug = desk.start()
    desk.publish(slug)
    assert "Working draft after Revision 1" in text_of(desk.get(f"/policies/{slug}/draft"))
    assert desk.source(slug).decode() == LAW
    assert "Not one word differs" in text_of(desk.get(f"/policies/{slug}/publish"))


def test_what_will_change_is_shown_before(desk: Desk) -> None:
    slug = desk.start()
    desk.publish(slug)
    desk.save(slug, LAW.replace("31 Maret", "30 April"), 2)
    page = soup_of(desk.get(f"/policies/{slug}/publish"))
    assert [" ".join(line.text.split()) for line in page.select(".change-list .ch-label")] == [
        "Pasal 2 ayat (2)"
    ]
    assert page.select_one("[data-load]")["data-load"] == f"/policies/{slug}/draft/forecast"


def test_citations_that_renumbering_made_wrong_are_told_before(desk: Desk) -> None:
    citing = LAW.replace("Peraturan ini", "Ketentuan Pasal 2 dan Peraturan ini")
    slug = desk.start(source=citing)
    desk.publish(slug)
    changed = citing.replace("Pasal 3\n", "Pasal 4\n").replace("Pasal 2\n", "Pasal 3\n")
    changed = changed.replace("Pasal 1\n\n", "Pasal 1\n\nIstilah diatur di sini.\n\nPasal 2\n\n")
    desk.save(slug, changed, 2)
    told = soup_of(desk.get(f"/policies/{slug}/publish")).select_one(".issues li").text
    assert "“Pasal 2” cites another provision" in told
    assert "“Pasal 3”" in told


def test_a_double_click_publishes_once(app: Flask, desk: Desk) -> None:
    slug = desk.start()
    form = _filled(desk, slug)
    answers = [desk.client.post(f"/policies/{slug}/publish", data=form) for _ in range(2)]
    assert [answer.location for answer in answers] == [f"/policies/{slug}/revisions/1"] * 2
    assert _revision_count(app, slug) == 1


def test_two_clicks_at_the_same_moment_publish_once(app: Flask, desk: Desk) -> None:
    slug = desk.start()
    form = _filled(desk, slug)
    session = desk.client.get_cookie("session")
    assert session is not None
    cookies = {"Cookie": f"session={session.value}"}

    def click() -> str:
        browser = app.test_client(use_cookies=False)
        return browser.post(f"/policies/{slug}/publish", data=form, headers=cookies).location

    with ThreadPoolExecutor(4) as pool:
        found = [pool.submit(click) for _ in range(4)]
    assert [one.result() for one in found] == [f"/policies/{slug}/revisions/1"] * 4
    assert _revision_count(app, slug) == 1


def test_publishing_the_same_draft_again_says_so_kindly(app: Flask, desk: Desk) -> None:
    slug = desk.start()
    form = _filled(desk, slug)
    desk.client.post(f"/policies/{slug}/publish", data=form)
    answer = desk.client.post(f"/policies/{slug}/publish", data={**form, "once": ""})
    assert answer.status_code == 409
    assert "Revision 1 is already published from this draft" in text_of(answer)
    assert soup_of(answer).select_one(f'main a[href="/policies/{slug}/revisions/1"]')
    assert _revision_count(app, slug) == 1


def test_a_draft_someone_changed_meanwhile_is_not_published(
    app: Flask, desk: Desk, other_desk: Desk
) -> None:
    slug = desk.start()
    form = _filled(desk, slug)
    other_desk.save(slug, LAW + "Tambahan.\n", 1)
    answer = desk.client.post(f"/policies/{slug}/publish", data=form)
    assert answer.status_code == 409
    assert "changed after you looked at it" in text_of(answer)
    assert form["change_note"] in soup_of(answer).select_one("#change_note").text
    assert _revision_count(app, slug) == 0


@pytest.mark.parametrize("source", ["", " \n\n\t"])
def test_an_empty_draft_is_not_published(app: Flask, desk: Desk, source: str) -> None:
    slug = desk.start(source=source)
    page = soup_of(desk.get(f"/policies/{slug}/publish"))
    button = page.select_one(".publish button.btn-1")
    assert button["aria-disabled"] == "true"
    assert page.select_one(f"#{button['aria-describedby']}").text.strip() == "The draft is empty."
    answer = desk.publish(slug)
    assert answer.status_code == 422
    assert "The draft is empty." in text_of(answer)
    assert _revision_count(app, slug) == 0


def test_a_change_note_is_compulsory(app: Flask, desk: Desk) -> None:
    slug = desk.start()
    assert desk.publish(slug, "  \n").status_code == 422
    assert _revision_count(app, slug) == 0


def test_a_text_without_headings_and_one_with_equal_headings_are_published(
    app: Flask, desk: Desk
) -> None:
    plain = desk.start("Tanpa judul", "Hanya kata-kata.")
    twice = desk.start("Judul ganda", "# Sama\n\nA\n\n# Sama\n\nB\n")
    for slug in (plain, twice):
        assert desk.publish(slug).status_code == 303
    with app.app_context():
        assert [row.kind for row in sections_of(_revision(plain, 1).id)] == ["preamble"]
        keys = [row.section.key for row in sections_of(_revision(twice, 1).id)]
        assert len(keys) == len(set(keys)) == 2


def test_a_shut_gate_says_what_is_missing(app: Flask, desk: Desk) -> None:
    slug = desk.start()
    missing = [{"thread": "abc", "label": "Pasal 2 ayat (2)", "url": "/threads/abc"}]
    app.extensions["policyforum.gates"] = (lambda _policy: missing,)
    page = desk.get(f"/policies/{slug}/publish")
    assert "One contribution is undecided." in text_of(page)
    assert desk.publish(slug).status_code == 422
    assert _revision_count(app, slug) == 0


def test_a_round_can_begin_with_the_revision(app: Flask, desk: Desk) -> None:
    slug = desk.start()
    closes = datetime.now(UTC) + timedelta(days=20)
    fields = {"opens": "now", "closes_at": f"{closes:%Y-%m-%dT%H:%M}", "audience": "staff"}
    assert desk.publish(slug, with_round="y", **fields).status_code == 303
    with app.app_context():
        (consultation,) = rounds_of(policy_by_slug(slug, ANYONE))
        assert consultation.state(datetime.now(UTC)) == "open"
        assert consultation.audience == "staff"


def test_a_wrong_round_publishes_nothing(app: Flask, desk: Desk) -> None:
    slug = desk.start()
    fields = {"opens": "now", "closes_at": "2020-01-01T10:00", "audience": "public"}
    answer = desk.publish(slug, with_round="y", **fields)
    assert answer.status_code == 422
    assert "has to close after it opens" in text_of(answer)
    assert desk.publish(slug, with_round="y", opens="now").status_code == 422
    assert _revision_count(app, slug) == 0


def test_publishing_ends_the_round_before(app: Flask, desk: Desk) -> None:
    slug = desk.start()
    closes = datetime.now(UTC) + timedelta(days=20)
    fields = {"opens": "now", "closes_at": f"{closes:%Y-%m-%dT%H:%M}", "audience": "public"}
    desk.publish(slug, with_round="y", **fields)
    desk.save(slug, LAW + "Tambahan.\n", 2)
    desk.publish(slug, "Kedua.")
    with app.app_context():
        policy = policy_by_slug(slug, ANYONE)
        assert rounds_of(policy)[0].state(datetime.now(UTC)) == "concluded"
        assert policy.current_round is None


def _filled(desk: Desk, slug: str) -> dict[str, Any]:
    """The form of the publish page as the browser would send it."""
    page = soup_of(desk.get(f"/policies/{slug}/publish"))
    fields = page.select("form.publish input[type=hidden]")
    return {**{field["name"]: field["value"] for field in fields}, "change_note": "Pertama."}


def _revision(slug: str, number: int) -> Revision:
    return revision_by_number(policy_by_slug(slug, ANYONE), number)


def _revision_count(app: Flask, slug: str) -> int:
    with app.app_context():
        policy = policy_by_slug(slug, ANYONE)
        return policy.current_revision.number if policy.current_revision else 0
