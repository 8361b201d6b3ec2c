"""Nothing changes because another site made somebody's browser send something."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from policyforum.db.session import db
from policyforum.web.access import declared_access
from tests.access.knocking import API, SAFE, doors, path_of
from tests.access.table import FORMS
from tests.access.world import ALL_ROLES, build
from tests.people import Browser, hidden_fields

pytestmark = pytest.mark.one_engine


def everything(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    """All rows of the database."""
    with app.app_context():
        found = {
            name: [tuple(row) for row in db.session.execute(select(table))]
            for name, table in db.metadata.tables.items()
        }
        db.session.remove()
    return found


@pytest.mark.timeout(300)
def test_every_form_needs_its_own_token(app: Flask) -> None:
    world = build(app)
    browser = Browser(app)
    browser.sign_in(ALL_ROLES)
    stranger = hidden_fields(Browser(app).get("/sign-in").get_data(as_text=True))["csrf_token"]
    before = everything(app)
    tried = 0
    for rule, method in doors(app):
        if method in SAFE or rule.rule.startswith(API):
            continue
        path = path_of(rule, world)
        form = FORMS.get(rule.endpoint, {})
        for token in ({}, {"csrf_token": stranger}, {"csrf_token": "made-up"}, {"csrf_token": ""}):
            answer = browser.client.open(path, method=method, data={**form, **token})
            assert answer.status_code == 400, (rule.rule, token)
            tried += 1
        as_json = browser.client.open(path, method=method, json=form)
        assert as_json.status_code == 400, rule.rule
    assert everything(app) == before
    assert tried > 100


def test_the_api_knows_no_cookies(app: Flask) -> None:
    world = build(app)
    browser = Browser(app)
    browser.sign_in(ALL_ROLES)
    for rule, method in doors(app):
        access = declared_access(app.view_functions[rule.endpoint])
        if not rule.rule.startswith(API) or access is None or not access.signed_in:
            continue
        answer = browser.client.open(path_of(rule, world), method=method, json={})
        assert answer.status_code == 401, (rule.rule, method)


@pytest.mark.timeout(300)
def test_looking_changes_nothing(app: Flask) -> None:
    world = build(app)
    browser = Browser(app)
    browser.sign_in(ALL_ROLES)
    before = everything(app)
    for rule, method in doors(app):
        if method == "GET":
            assert browser.get(path_of(rule, world)).status_code < 500, rule.rule
    assert everything(app) == before
