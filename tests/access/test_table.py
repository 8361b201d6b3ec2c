"""Every route and every call of the API, tried by everybody, against the written table."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.access.knocking import doors, name_of
from tests.access.table import TABLE
from trials.attack.doors import PARTS, everybody_knocks, undeclared


def test_no_route_is_missing_from_the_table_and_none_is_too_many(app: Flask) -> None:
    assert {name_of(rule, method) for rule, method in doors(app)} == set(TABLE)


def test_every_endpoint_declares_who_may_come_in(app: Flask) -> None:
    assert list(undeclared(app)) == []


@pytest.mark.one_engine
def test_an_endpoint_that_declares_nothing_lets_nobody_in(app: Flask) -> None:
    app.add_url_rule("/forgotten", view_func=lambda: "secret")
    assert app.test_client().get("/forgotten").status_code == 403


@pytest.mark.one_engine
@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", PARTS)
def test_everybody_meets_what_the_table_says(app: Flask, database_url: str, part: str) -> None:
    _knocks, faults = everybody_knocks(app, database_url, part)
    assert not faults, "\n".join(faults)
