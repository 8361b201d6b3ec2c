"""A commit that fails: nobody is told that what they sent is in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from policyforum.db.session import db
from tests.commenting.town import Town
from tests.people import Browser, make_person

THANKS = "Your contribution is in"
ADMIN, NEW = "admin@kota.example", "budi@kota.example"


@contextmanager
def failing_commits(app: Flask) -> Iterator[None]:
    """As long as this lasts, everything is written and nothing is committed."""

    def fail(_connection: Any) -> None:
        raise OperationalError("COMMIT", {}, OSError("no space left on device"))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "commit", fail)
    try:
        yield
    finally:
        event.remove(engine, "commit", fail)


def test_no_thanks_for_a_contribution_that_is_lost(app: Flask) -> None:
    town = Town(app)
    ani = town.person("ani", "staff")
    path = f"/policies/{town.slug}/revisions/1/threads/new"
    with failing_commits(app):
        failed = ani.post(path, {"body": "Tambahkan anggaran."})
    assert failed.status_code == 503
    assert THANKS not in failed.get_data(as_text=True)
    assert THANKS not in ani.get("/account").get_data(as_text=True)
    done = ani.post(path, {"body": "Tambahkan anggaran."})
    assert THANKS in ani.get(done.location).get_data(as_text=True)


def test_no_place_is_recorded_that_is_lost(app: Flask) -> None:
    town = Town(app)
    town.contribute(town.person("ani", "staff"), "Pasal 1", "Sampai kapan?")
    path = f"/threads/{town.thread_id()}/place"
    seen = {"revision": "1", "section": town.key("Pasal 1")}
    with failing_commits(app):
        failed = town.drafter.post(path, {"as": "gone", **seen})
    assert failed.status_code == 503
    assert "Its place is recorded" not in failed.get_data(as_text=True)


def test_no_password_is_kept_for_a_person_who_is_not_in(app: Flask) -> None:
    make_person(app, ADMIN, "admin")
    admin = Browser(app)
    admin.sign_in(ADMIN)
    with failing_commits(app):
        form = {"name": "Budi", "email": NEW, "role": "staff", "scope": ""}
        assert admin.post("/admin/people/new", form).status_code == 503
    with admin.client.session_transaction() as kept:
        assert "told_once" not in kept
