"""Every route and every call of the API, tried by everybody, against the written table."""

from __future__ import annotations

import pytest
from flask import Flask

from policyforum.web.access import declared_access
from tests.access.knocking import API, Visitors, doors, name_of
from tests.access.table import (
    KNOWN_BEFORE_THE_FIRST_REVISION,
    PATTERNS,
    REST,
    TABLE,
    VISIBILITIES,
    Pattern,
)
from tests.access.world import ANONYMOUS, VISITORS, build

PARTS = {
    "pages": lambda rule, method: not rule.rule.startswith(API) and method == "GET",
    "forms": lambda rule, method: not rule.rule.startswith(API) and method != "GET",
    "calls": lambda rule, method: rule.rule.startswith(API),
}


def expected(pattern: Pattern) -> dict[str, str]:
    """The outcome for each visitor."""
    found = {}
    for outcome, names in pattern.items():
        for name in names.split(", "):
            meant = [v for v in VISITORS if v == name or (v != "guest seated" and role(v) == name)]
            assert meant or name == REST, name
            found.update(dict.fromkeys(meant, outcome))
    rest = next((outcome for outcome, names in pattern.items() if names == REST), None)
    return {visitor: found.get(visitor, rest or "nothing said") for visitor in VISITORS}


def role(visitor: str) -> str:
    return visitor.partition(" ")[0]


def policy_pattern(name: str, visibility: str) -> Pattern:
    """What is expected of an address under a policy of another visibility."""
    if visibility == "draft" and name in KNOWN_BEFORE_THE_FIRST_REVISION:
        return KNOWN_BEFORE_THE_FIRST_REVISION[name]
    pattern = VISIBILITIES[visibility]
    if TABLE[name] == "signed-in readers":
        return {"outside": ANONYMOUS, **pattern}
    return pattern


def test_no_route_is_missing_from_the_table_and_none_is_too_many(app: Flask) -> None:
    assert {name_of(rule, method) for rule, method in doors(app)} == set(TABLE)


def test_every_endpoint_declares_who_may_come_in(app: Flask) -> None:
    undeclared = [
        rule.endpoint
        for rule, _method in doors(app)
        if declared_access(app.view_functions[rule.endpoint]) is None
    ]
    assert undeclared == []


@pytest.mark.one_engine
def test_an_endpoint_that_declares_nothing_lets_nobody_in(app: Flask) -> None:
    app.add_url_rule("/forgotten", view_func=lambda: "secret")
    assert app.test_client().get("/forgotten").status_code == 403


@pytest.mark.one_engine
@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", PARTS)
def test_everybody_meets_what_the_table_says(app: Flask, database_url: str, part: str) -> None:
    world = build(app)
    visitors = Visitors(app, world, database_url)
    faults = []
    for rule, method in doors(app):
        if not PARTS[part](rule, method):
            continue
        name = name_of(rule, method)
        asked = {"staff": PATTERNS[TABLE[name]]}
        if TABLE[name] in ("readers", "signed-in readers") and "<slug>" in rule.rule:
            asked |= {other: policy_pattern(name, other) for other in VISIBILITIES}
        for visibility, pattern in asked.items():
            for visitor, outcome in expected(pattern).items():
                met = visitors.knock(visitor, rule, method, visibility)
                if met != outcome:
                    faults.append(f"{name} ({visibility}): {visitor}: {met}, not {outcome}")
    assert not faults, "\n".join(faults)
