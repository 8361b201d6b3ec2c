"""How much a form may hold, and that what is too much is refused before it is taken apart."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug import formparser

from tests.people import Browser, make_person

pytestmark = pytest.mark.one_engine

MEGABYTE = 1 << 20
URLENCODED = "application/x-www-form-urlencoded"


def test_thousands_of_fields_are_refused_before_they_are_taken_apart(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(formparser, "parse_qsl")
    for path in ("/sign-in", "/language"):
        answer = client.post(path, data=b"a&" * 2_000, content_type=URLENCODED)
        assert answer.status_code == 413
        assert "Berkas atau naskah itu terlalu besar" in answer.get_data(as_text=True)


def test_only_where_texts_are_taken_forms_may_be_large(app: Flask) -> None:
    make_person(app, "ratna@kota.example", "drafter")
    browser = Browser(app)
    browser.sign_in("ratna@kota.example")
    large = {"password": "a" * 2 * MEGABYTE, "source": "a" * 2 * MEGABYTE}
    assert browser.post("/account/password", large).status_code == 413
    assert browser.client.post("/not-there", data=large).status_code == 404
    assert browser.post("/policies/new", large).status_code == 422


def test_who_may_not_come_in_has_no_form_taken_apart(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(formparser, "parse_qsl")
    text = b"source=" + b"a" * 20 * MEGABYTE
    answer = client.post("/policies/new", data=text, content_type=URLENCODED)
    assert answer.status_code == 403
