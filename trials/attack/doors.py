"""F17: every route, every method, every kind of visitor, in every state of a policy.

The outcomes are written in `tests/access/table.py`; what is not declared there lets nobody in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from unittest.mock import patch

from flask import Flask
from werkzeug.routing import Rule

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
from tests.access.world import ANONYMOUS, STATES, VISITORS, build
from trials.attack.worlds import forum
from trials.trial import Outcome, Trial

PARTS: dict[str, Callable[[Rule, str], bool]] = {
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


def everybody_knocks(
    app: Flask, database_url: str, part: str, states: tuple[str, ...] = ()
) -> tuple[int, list[str]]:
    """Knock at the doors of a part as everybody; → how often, and where it was not as written."""
    world = build(app, states)
    visitors = Visitors(app, world, database_url)
    knocks, faults = 0, []
    for rule, method in doors(app):
        if not PARTS[part](rule, method):
            continue
        name = name_of(rule, method)
        asked = {"staff": PATTERNS[TABLE[name]]}
        if "<slug>" in rule.rule:
            asked |= dict.fromkeys(states, PATTERNS[TABLE[name]])
            if TABLE[name] in ("readers", "signed-in readers"):
                asked |= {other: policy_pattern(name, other) for other in VISIBILITIES}
        for place, pattern in asked.items():
            for visitor, outcome in expected(pattern).items():
                met = visitors.knock(visitor, rule, method, place)
                knocks += 1
                if met != outcome:
                    faults.append(f"{name} ({place}): {visitor}: {met}, not {outcome}")
    return knocks, faults


def undeclared(app: Flask) -> Iterable[str]:
    """Doors that are not in the table, or whose view says nothing of who may come in."""
    for rule, method in doors(app):
        if name_of(rule, method) not in TABLE:
            yield name_of(rule, method)
        if declared_access(app.view_functions[rule.endpoint]) is None:
            yield rule.endpoint


def run(full: bool) -> Outcome:
    knocks, faults, missing = 0, [], []
    for part in PARTS if full else ("pages",):
        with forum() as place:
            missing += list(undeclared(place.app))
            tried, found = everybody_knocks(place.app, place.database_url, part, STATES)
            knocks += tried
            faults += found
    return Outcome(
        f"{knocks} cells, {len(missing)} undeclared, {len(faults)} differ"
        + "".join(f"; {fault}" for fault in faults[:3]),
        not faults and not missing,
    )


def broken(full: bool) -> Outcome:
    """Whoever is signed in is taken to hold every role."""
    with patch("policyforum.organisation.actor.Actor.has_role", lambda *_a: True):
        return run(False)


TRIAL = Trial(
    name="F17",
    what="every route and method as everybody, of policies in each visibility and state",
    goal="every cell declared, 0 differ",
    run=run,
    breaks="whoever has any role is taken to have all",
    broken=broken,
)
