"""The same `Idempotency-Key` again: the first answer, and nothing done twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from policyforum.db.session import db
from tests.api.program import LAW, City, Program, made, refused, told

KEY = {"Idempotency-Key": "7f3d-once"}


@pytest.fixture
def ratna(city: City) -> Program:
    return city.program("ratna", "drafter")


def test_a_reply_that_was_lost_is_told_again(city: City, ratna: Program) -> None:
    slug = city.consulted(ratna)
    threads = f"/policies/{slug}/revisions/1/threads"
    body = {"section": None, "body": "Sekali saja."}
    first = ratna.post(threads, body, headers=KEY)
    again = ratna.post(threads, body, headers=KEY)
    assert made(first) == made(again)
    assert first.data == again.data
    assert len(told(ratna.get(threads))["items"]) == 1
    other = ratna.post(threads, body, headers={"Idempotency-Key": "another"})
    assert made(other)["id"] != made(first)["id"]
    made(ratna.post(threads, body))
    assert len(told(ratna.get(threads))["items"]) == 3


def test_it_is_told_again_though_by_now_it_would_be_refused(city: City, ratna: Program) -> None:
    neneng = city.program("neneng", "staff")
    slug = city.consulted(ratna)
    here = f"/policies/{slug}/revisions/1"
    body = {"section": None, "body": "Sekali saja."}
    first = made(neneng.post(f"{here}/threads", body, headers=KEY))
    told(ratna.patch(f"{here}/round", {"state": "closed"}))
    refused(neneng.post(f"{here}/threads", body), 409)
    assert made(neneng.post(f"{here}/threads", body, headers=KEY)) == first
    assert len(told(neneng.get(f"{here}/threads"))["items"]) == 1


def test_a_key_belongs_to_one_request_and_one_person(city: City, ratna: Program) -> None:
    neneng = city.program("neneng", "staff")
    slug = city.consulted(ratna)
    threads = f"/policies/{slug}/revisions/1/threads"
    mine = made(ratna.post(threads, {"section": None, "body": "Satu."}, headers=KEY))
    refused(ratna.post(threads, {"section": None, "body": "Dua."}, headers=KEY), 409)
    refused(ratna.post(f"/threads/{mine['id']}/comments", {"body": "Dua."}, headers=KEY), 409)
    theirs = made(neneng.post(threads, {"section": None, "body": "Satu."}, headers=KEY))
    assert theirs["id"] != mine["id"]
    assert len(told(ratna.get(threads))["items"]) == 2


def test_a_refusal_does_not_use_up_the_key(city: City, ratna: Program) -> None:
    slug = city.start(ratna)
    revisions = f"/policies/{slug}/revisions"
    publication = {"change_note": "Awal.", "draft_version": 2}
    refused(ratna.post(revisions, publication, headers=KEY), 409)
    told(ratna.put(f"/policies/{slug}/draft", {"source": LAW + "\n", "version": 1}))
    first = made(ratna.post(revisions, publication, headers=KEY))
    assert made(ratna.post(revisions, publication, headers=KEY)) == first
    assert len(told(ratna.get(revisions))["items"]) == 1


def test_keys_that_cannot_be_kept_are_refused(city: City, ratna: Program) -> None:
    body = {"title": "Baru", "kind": "perwal", "visibility": "public"}
    for key in ("", "a" * 191, "dua kata", "kunci-é"):
        problem = refused(ratna.post("/policies", body, headers={"Idempotency-Key": key}), 422)
        assert list(problem["errors"]) == ["Idempotency-Key"]
    assert told(ratna.get("/policies"))["items"] == []


def test_sent_many_times_at_once_it_is_done_once(app: Flask, city: City, ratna: Program) -> None:
    slug = city.consulted(ratna)
    threads = f"/policies/{slug}/revisions/1/threads"

    def send(_number: int) -> tuple[int, bytes]:
        answer = ratna.post(threads, {"section": None, "body": "Sekali."}, headers=KEY)
        with app.app_context():
            db.session.remove()
        return answer.status_code, answer.data

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(send, range(16)))
    assert len(answers) == 1
    assert next(iter(answers))[0] == 201
    assert len(told(ratna.get(threads))["items"]) == 1
