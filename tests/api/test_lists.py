"""Lists in pages, filters, and what they cost."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from policyforum.db.session import db
from tests.api.program import City, Program, made, told


@pytest.fixture
def ratna(city: City) -> Program:
    return city.program("ratna", "drafter")


def all_of(program: Program, path: str, limit: int) -> list[Any]:
    """Every item of a list, page by page."""
    found: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        separator = "&" if "?" in path else "?"
        page = told(program.get(f"{path}{separator}limit={limit}&cursor={cursor}"))
        assert len(page["items"]) == limit or page["next"] is None
        found += page["items"]
        cursor = page["next"]
    return found


def test_pages_of_policies_and_their_filters(city: City, ratna: Program) -> None:
    neneng = city.program("neneng", "staff")
    slugs = [city.start(ratna) for _ in range(5)]
    assert [p["slug"] for p in all_of(ratna, "/policies", 2)] == slugs[::-1]
    city.publish(ratna, slugs[1])
    city.consult(ratna, slugs[1], 1)
    assert [p["slug"] for p in told(neneng.get("/policies"))["items"]] == [slugs[1]]
    consulting = told(ratna.get("/policies?status=consulting"))["items"]
    assert [p["slug"] for p in consulting] == [slugs[1]]
    assert [p["slug"] for p in told(ratna.get("/policies?q=KEBIJAKAN 3"))["items"]] == [slugs[2]]
    assert told(ratna.get("/policies?q=%25"))["items"] == []


def test_pages_of_threads_with_all_their_comments(city: City, ratna: Program) -> None:
    slug = city.consulted(ratna)
    threads = f"/policies/{slug}/revisions/1/threads"
    ids = [made(ratna.post(threads, {"section": None, "body": "x"}))["id"] for _ in range(5)]
    for number in range(4):
        made(ratna.post(f"/threads/{ids[0]}/comments", {"body": f"Balasan {number}"}))
    listed = all_of(ratna, threads, 2)
    assert [thread["id"] for thread in listed] == ids
    assert [c["body"] for c in listed[0]["comments"]] == ["x", *(f"Balasan {n}" for n in range(4))]


def test_a_list_costs_the_same_however_long(app: Flask, city: City, ratna: Program) -> None:
    slug = city.consulted(ratna)
    threads = f"/policies/{slug}/revisions/1/threads"
    made(ratna.post(threads, {"section": None, "body": "x"}))
    for path in (threads, "/policies"):
        few = _queries(app, ratna, f"{path}?limit=100")
        for _number in range(12):
            made(ratna.post(threads, {"section": None, "body": "x"}))
            city.start(ratna)
        assert _queries(app, ratna, f"{path}?limit=100") == few


def _queries(app: Flask, program: Program, path: str) -> int:
    seen: list[str] = []

    def note(*arguments: Any) -> None:
        seen.append(arguments[2])

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    told(program.get(path))
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)
