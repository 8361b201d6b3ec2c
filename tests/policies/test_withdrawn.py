"""A withdrawn policy is read, and not worked on, not even by its drafters."""

from __future__ import annotations

from flask import Flask

from tests.api.program import City, made, refused
from tests.people import Browser

WORDS = "Tambahkan anggaran."


def test_nothing_is_worked_on_once_it_is_withdrawn(app: Flask) -> None:
    city = City(app)
    ratna = city.program("ratna", "drafter")
    slug = city.consulted(ratna)
    thread = made(
        ratna.post(f"/policies/{slug}/revisions/1/threads", {"section": None, "body": "A"})
    )
    gathered = {"revision": 1, "summary": "Ringkas.", "threads": [thread["id"]]}
    item = made(ratna.post(f"/policies/{slug}/feedback", gathered))["id"]
    browser = Browser(app)
    browser.sign_in("ratna@kota.example")
    form = {"reason": "Digabung."}
    settings = f"/policies/{slug}/settings"
    assert browser.post(f"/policies/{slug}/withdraw", form, page=settings).status_code == 303

    own = thread["comments"][0]["id"]
    decided = {"outcome": "rejected", "reason": "Sudah diatur."}
    for answer in (
        ratna.patch(f"/comments/{own}", {"body": WORDS}),
        ratna.post(f"/policies/{slug}/feedback", gathered),
        ratna.put(f"/feedback/{item}/disposition", decided),
    ):
        assert "ditarik" in refused(answer, 409)["title"]
    for path, sent in (
        (settings, {"title": WORDS, "summary": "", "visibility": "public"}),
        (f"/policies/{slug}/worksheet/items", {"summary": WORDS, "threads": thread["id"]}),
        (f"/policies/{slug}/draw-up", {}),
        (f"/policies/{slug}/decision/recommendation", {"text": WORDS}),
        (f"/policies/{slug}/worksheet/{thread['id']}", {**decided, "summary": WORDS}),
        (f"/threads/{thread['id']}/place", {"as": "gone", "revision": "1", "section": ""}),
        (f"/comments/{own}/edit", {"body": WORDS}),
        (f"/policies/{slug}/draft", {"source": WORDS, "version": "1"}),
        (f"/policies/{slug}/publish", {"change_note": WORDS, "version": "1"}),
        (f"/policies/{slug}/withdraw", {"reason": WORDS}),
    ):
        page = browser.post(path, sent, page=settings)
        assert page.status_code == 409, path
        assert "Kebijakan ini sudah ditarik" in page.get_data(as_text=True), path
        assert (WORDS in sent.values()) <= (WORDS in page.get_data(as_text=True)), path
    assert f"/comments/{own}/edit" not in browser.get(f"/threads/{thread['id']}").get_data(
        as_text=True
    )
    assert "/worksheet/" not in browser.get(f"/feedback/{item}").get_data(as_text=True)
