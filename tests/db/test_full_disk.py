"""A database that can't write: people keep what they typed, and can send it again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from policyforum.accounts import forms
from policyforum.db.session import db
from policyforum.web.resending import NEVER_SHOWN, Sent, fields_sent
from tests.api.program import City, made
from tests.people import PASSWORD, Browser
from trials.storage.visitor import Page

pytestmark = pytest.mark.one_engine

WORDS = "Kalimat “penting” & <sudut>. " * 300


@contextmanager
def full_disk(app: Flask) -> Iterator[None]:
    """As long as this lasts, the database can't grow."""

    def stay_small(connection: Any, *_more: Any) -> None:
        connection.execute("PRAGMA max_page_count=1")  # less than there is: as much as there is

    def grow(connection: Any, *_more: Any) -> None:
        connection.execute("PRAGMA max_page_count=1000000")

    with app.app_context():
        engine = db.engine
    event.listen(engine, "checkout", stay_small)
    try:
        yield
    finally:
        event.remove(engine, "checkout", stay_small)
        event.listen(engine, "checkout", grow)


def test_what_was_typed_stays_and_is_sent_again(app: Flask) -> None:
    city = City(app)
    ratna = city.program("ratna", "drafter")
    threads = f"/policies/{city.consulted(ratna)}/revisions/1/threads"
    thread = made(ratna.post(threads, {"section": None, "body": "Awal."}))["id"]
    browser = Browser(app)
    browser.sign_in("ratna@kota.example")
    path = f"/threads/{thread}/replies"
    with full_disk(app):
        answer = browser.post(path, {"body": WORDS})
        page = Page(answer.status_code, answer.get_data(as_text=True), None)
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert page.kept_fields()["body"] == WORDS
        assert browser.get(f"/threads/{thread}").status_code == 200
    again = browser.client.post(path, data=page.kept_fields())
    assert again.status_code == 303
    assert "Kalimat “penting” &amp;" in browser.get(f"/threads/{thread}").get_data(as_text=True)


def test_a_form_from_elsewhere_gets_no_token(app: Flask) -> None:
    """What is sent again carries the token that came with it: here none."""
    with app.test_request_context("/account", method="POST", data={"label": "dua kata"}):
        assert fields_sent() == [Sent("label", "dua kata", True)]


def test_no_password_stands_on_the_page(app: Flask) -> None:
    City(app).program("ratna", "drafter")
    with full_disk(app):
        answer = Browser(app).sign_in("ratna@kota.example")
    assert PASSWORD not in answer.get_data(as_text=True)
    fields = [vars(form) for form in vars(forms).values() if isinstance(form, type)]
    secret = {
        name
        for form in fields
        for name, field in form.items()
        if getattr(field, "field_class", None) is forms.SecretField
    }
    assert secret
    assert secret <= NEVER_SHOWN
