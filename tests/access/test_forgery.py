"""Nothing changes because another site made somebody's browser send something."""

from __future__ import annotations

import pytest
from flask import Flask

from policyforum.web.access import declared_access
from tests.access.knocking import API, doors, path_of
from tests.access.world import ALL_ROLES, build
from tests.people import Browser
from trials.attack.forgery import everything, sweep

pytestmark = pytest.mark.one_engine


@pytest.mark.timeout(300)
def test_what_another_site_sends_changes_nothing(app: Flask) -> None:
    found = sweep(app)
    assert not found.taken, "\n".join(found.taken)
    assert not found.changed
    assert found.tried > 300


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
