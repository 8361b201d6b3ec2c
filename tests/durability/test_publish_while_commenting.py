"""People comment while the next revision is published: nothing slips through, nothing is lost."""

from __future__ import annotations

import threading
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from policyforum.db.session import db
from tests.api.program import LAW, City, Program, key_of, made, told

COMMENTERS = 4
BEFORE_CLOSING = 12  # comments acknowledged before the drafter closes the round

MOVED = """BAB I
PENUTUP

Pasal 1

Peraturan ini mulai berlaku pada tanggal diundangkan.

BAB II
KETENTUAN UMUM

Pasal 2

(1) Usul disampaikan paling lambat tanggal 30 April kepada BKPSDM 👩🏽‍⚕️.

Pasal 3

Setiap Pegawai ASN berhak mengikuti pengembangan kompetensi.
"""


class Crowd:
    """People who comment on revision 1 in turn on every section until they are told to stop."""

    def __init__(self, city: City, path: str, keys: list[str]) -> None:
        self.acknowledged: dict[str, str] = {}
        self.refusals: list[TestResponse] = []
        self._app = city.app
        self._path = path
        self._keys = keys
        self._news = threading.Condition()
        people = [city.program(f"warga{number}", "staff") for number in range(COMMENTERS)]
        self._threads = [
            threading.Thread(target=self._comment, args=(who,), daemon=True) for who in people
        ]

    def __enter__(self) -> Crowd:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        for thread in self._threads:
            thread.join(60)

    def wait_for(self, count: int) -> None:
        with self._news:
            assert self._news.wait_for(lambda: len(self.acknowledged) >= count, 60)

    def _comment(self, program: Program) -> None:
        turn = 0
        while True:
            key = self._keys[turn % len(self._keys)]
            answer = program.post(self._path, {"section": key, "body": f"Masukan {turn}"})
            with self._news:
                if answer.status_code != 201:
                    self.refusals.append(answer)
                    break
                self.acknowledged[answer.get_json()["id"]] = key
                self._news.notify_all()
            turn += 1
        with self._app.app_context():
            db.session.remove()


def test_comments_race_with_closing_and_publishing(app: Flask) -> None:
    city = City(app)
    ratna = city.program("ratna", "drafter")
    slug = city.consulted(ratna)
    here = f"/policies/{slug}"
    first = told(ratna.get(f"{here}/revisions/1"))["sections"]
    keys = [section["key"] for section in first if section["kind"] in ("pasal", "ayat")]
    with Crowd(city, f"{here}/revisions/1/threads", keys) as crowd:
        crowd.wait_for(BEFORE_CLOSING)
        told(ratna.patch(f"{here}/revisions/1/round", {"state": "closed"}))
    assert [answer.status_code for answer in crowd.refusals] == [409] * COMMENTERS
    _answer_all(ratna, here, list(crowd.acknowledged))
    second = city.publish(ratna, slug, MOVED)
    assert second["number"] == 2
    placed = _placed_in(ratna, here, 2)
    assert set(placed) == set(crowd.acknowledged)
    labels = {key_of(first, label): label for label in ("Pasal 1", "Pasal 3")}
    for thread_id, key in crowd.acknowledged.items():
        place = placed[thread_id]
        if key in labels:
            assert place["section"] == key, labels[key]
            assert place["state"] in ("exact", "moved")
        if place["section"] is None:
            assert place["state"] == "unplaced"


def test_notes_race_with_publishing(app: Flask) -> None:
    city = City(app)
    ratna, asep = city.program("ratna", "drafter"), city.program("asep", "drafter")
    slug = city.start(ratna)
    city.publish(ratna, slug)
    here = f"/policies/{slug}"
    noted: list[str] = []
    refused: list[dict[str, Any]] = []
    begun = threading.Event()

    def note() -> None:
        while True:
            answer = asep.post(f"{here}/revisions/1/threads", {"section": None, "body": "Catatan"})
            begun.set()
            if answer.status_code != 201:
                refused.append(answer.get_json())
                break
            noted.append(answer.get_json()["id"])
        with app.app_context():
            db.session.remove()

    writer = threading.Thread(target=note, daemon=True)
    writer.start()
    assert begun.wait(60)
    city.publish(ratna, slug, LAW.replace("31 Maret", "30 April"))
    writer.join(60)
    assert [answer["current"]["revision"] for answer in refused] == [2]
    assert set(_placed_in(ratna, here, 2)) == set(noted)


def _answer_all(drafter: Program, here: str, threads: list[str]) -> None:
    body = {"revision": 1, "summary": "Semua masukan.", "threads": threads}
    item = made(drafter.post(f"{here}/feedback", body))
    told(drafter.put(f"/feedback/{item['id']}/disposition", {"outcome": "accepted"}))


def _placed_in(program: Program, here: str, number: int) -> dict[str, dict[str, Any]]:
    """Where each thread stands in a revision."""
    found: dict[str, dict[str, Any]] = {}
    cursor: str | None = ""
    while cursor is not None:
        page = told(program.get(f"{here}/revisions/{number}/threads?limit=100&cursor={cursor}"))
        found |= {thread["id"]: thread["placement"] for thread in page["items"]}
        cursor = page["next"]
    return found
