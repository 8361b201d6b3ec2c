"""The OpenAPI document and its page describe every call there is."""

from __future__ import annotations

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from tests.people import Browser

pytestmark = pytest.mark.one_engine


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    document: dict[str, Any] = answer.get_json()
    return document


def test_it_describes_every_call_and_nothing_else(app: Flask, document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    served = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/v1/")
        and rule.endpoint not in ("openapi.spec", "api_docs.lead_to_docs")
    }
    described = {(path, method) for path, calls in document["paths"].items() for method in calls}
    assert described == served
    assert ("/api/v1/policies/{slug}/changes/{before}..{after}", "get") in described


def test_every_call_tells_its_refusals_and_needs_a_token(document: dict[str, Any]) -> None:
    assert document["security"] == [{"token": []}]
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    names = set()
    for calls in document["paths"].values():
        for call in calls.values():
            names.add(call["operationId"])
            assert {"401", "429"} <= set(call["responses"])
            assert ("requestBody" in call) <= {"400", "415", "422"}.issubset(call["responses"])
    assert len(names) == sum(len(calls) for calls in document["paths"].values())


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    references = re.findall(r"'\$ref': '#/components/schemas/(\w+)'", str(document))
    assert set(references) <= set(document["components"]["schemas"])
    assert "Thread" in references


def test_what_is_due_later_is_absent(document: dict[str, Any]) -> None:
    text = str(document)
    for word in ("xlsx", "docx", "/search", "'protected', 'organisation']"):
        assert word not in text


@pytest.mark.parametrize(
    "locale, title, words",
    [
        ("id", "Putaran konsultasi", "Membuka, memperpanjang, dan menutup putaran."),
        ("en", "Consultation rounds", "Opening, extending and closing a round."),
    ],
)
def test_the_page_names_groups_of_calls_in_the_readers_language(
    app: Flask, locale: str, title: str, words: str
) -> None:
    reader = Browser(app)
    reader.post("/language", {"locale": locale}, page="/sign-in")
    soup = BeautifulSoup(reader.get("/api").get_data(as_text=True), "html.parser")
    group = soup.find("h2", string=title)
    assert group is not None
    assert group.find_next("p").get_text() == words
    tags = {tag["name"] for tag in reader.get("/api/v1/openapi.json").get_json()["tags"]}
    assert {f"api-{tag}" for tag in tags} <= {heading.get("id") for heading in soup.select("h2")}


def test_the_page_shows_every_call(client: FlaskClient, document: dict[str, Any]) -> None:
    page = client.get("/api/v1/docs", follow_redirects=True)
    assert (page.status_code, page.request.path) == (200, "/api")
    html = page.get_data(as_text=True)
    for path in document["paths"]:
        assert path in html
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)
