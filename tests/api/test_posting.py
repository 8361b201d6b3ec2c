"""What the API tells of a contribution at once is what it tells of it afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select

from policyforum.commenting.models import Comment, Thread
from policyforum.db.session import db, transaction
from tests.api.program import City, Program, key_of, made, told
from tests.commenting.town import Counted

QUOTE = {"exact": "memberikan waktu", "prefix": "wajib **"}


@pytest.mark.parametrize(
    "sent",
    [
        {"section": None},
        {"section": "Pasal 2", "stance": "oppose"},
        {"section": "Pasal 2", "suggestion": {"replacement": "Dihapus."}},
        {"section": "Pasal 2 ayat (1)", "quote": QUOTE, "kind": "question"},
    ],
)
def test_a_new_thread(city: City, sent: dict[str, Any]) -> None:
    ratna = city.program("ratna", "drafter", unit=city.unit("BKPSDM"))
    slug = city.consulted(ratna)
    here = f"/policies/{slug}/revisions/1"
    if sent["section"]:
        key = key_of(told(ratna.get(here))["sections"], sent["section"])
        sent = {**sent, "section": key}
    thread = made(ratna.post(f"{here}/threads", {**sent, "body": "Sebuah *usul*."}))
    assert thread == told(ratna.get(f"/threads/{thread['id']}"))
    assert thread["comments"][0]["author"]["is_drafter"]


def test_a_reply_to_a_reply(city: City) -> None:
    ratna, neneng = city.program("ratna", "drafter"), city.program("neneng", "staff")
    slug = city.consulted(ratna)
    thread = made(
        neneng.post(f"/policies/{slug}/revisions/1/threads", {"section": None, "body": "Halo."})
    )
    path = f"/threads/{thread['id']}/comments"
    first = made(ratna.post(path, {"body": "Jawaban."}))
    second = made(neneng.post(path, {"body": "Lagi.", "parent": first["id"]}))
    shown = told(neneng.get(f"/threads/{thread['id']}"))["comments"]
    assert second == shown[2]
    assert first == {**shown[1], "author": {**shown[1]["author"], "is_me": True}}


def test_speaking_costs_the_same_however_much_was_said(app: Flask, city: City) -> None:
    neneng, asep = city.program("neneng", "staff"), city.program("asep", "staff")
    slug = city.consulted(city.program("ratna", "drafter"))
    threads = f"/policies/{slug}/revisions/1/threads"
    thread = made(neneng.post(threads, {"section": None, "body": "Halo."}))["id"]
    replies = f"/threads/{thread}/comments"

    def costs() -> list[int]:
        return [
            _statements(app, asep, threads, {"section": None, "body": "Usul."}),
            _statements(app, asep, replies, {"body": "Setuju."}),
        ]

    costs()  # the first time somebody speaks, their voice is made
    before = costs()
    _fill(app, thread)
    assert costs() == before
    assert max(before) <= 24


def _statements(app: Flask, program: Program, path: str, body: dict[str, Any]) -> int:
    with app.app_context(), Counted() as counted:
        made(program.post(path, body))
    return counted.number


def _fill(app: Flask, public_id: str) -> None:
    """Three hundred more replies in a thread."""
    with app.app_context(), transaction():
        thread = db.session.scalars(select(Thread).where(Thread.public_id == public_id)).one()
        root = db.session.scalars(select(Comment).where(Comment.thread_id == thread.id)).first()
        assert root is not None
        row = {
            "thread_id": thread.id,
            "parent_id": root.id,
            "voice_id": root.voice_id,
            "body": "Lagi",
            "html": "<p>Lagi</p>",
            "depth": 1,
            "created_at": root.created_at,
        }
        db.session.execute(insert(Comment), [dict(row) for _number in range(300)])
