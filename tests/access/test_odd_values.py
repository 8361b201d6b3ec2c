"""What no page of ours sends, in every parameter and field of every route, never fails."""

from __future__ import annotations

import base64
import pkgutil
from collections.abc import Iterator
from importlib import import_module

import pytest
from flask import Flask

import policyforum
from policyforum.web.forms import Form
from tests.access.knocking import API, SAFE, Visitors, doors, name_of
from tests.access.world import EVERYTHING, build

PARAMETERS = (
    *("q", "status", "revision", "outcome", "section", "state", "placement", "role", "view"),
    *("before", "after", "thread", "to", "under", "closed", "show", "table", "locale", "next"),
    *("limit", "format", "first", "second", "seq", "size", "author"),
)
ODD = ("\x00", "9" * 5_000, "-1", "a" * 100_000, "9999-12-31T23:59+00:00")
ODD_IN_ADDRESSES = ("%00", "%ED%A0%80", "9" * 5_000, "-1")
ODD_IN_CURSORS = ('["\\ud800", 1]', '["\\u0000", 1]', f"[{'9' * 5_000}]", "[" * 5_000)


@pytest.mark.one_engine
@pytest.mark.timeout(600)
def test_odd_values_never_fail(app: Flask, database_url: str) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    visitors = Visitors(app, build(app), database_url, [EVERYTHING])
    forms = dict.fromkeys(_names_of_forms())
    faults = []
    for rule, method in doors(app):
        if method in SAFE:
            for query in _queries():
                status = visitors.send(EVERYTHING, rule, method, {}, query)
                if status >= 500:
                    faults.append(f"{status} {name_of(rule, method)} {query[:60]}")
            continue
        usual = visitors.fields_of(rule.endpoint)
        for odd in (*ODD, "\ud800") if rule.rule.startswith(API) else ODD:
            fields = usual if rule.rule.startswith(API) else usual | {""}
            for name in sorted(fields):
                sent = {name: odd} if name else dict.fromkeys(forms, odd)
                status = visitors.send(EVERYTHING, rule, method, sent)
                if status >= 500:
                    faults.append(f"{status} {name_of(rule, method)} {name or 'all'}={odd[:20]!r}")
    assert not faults, "\n".join(faults)


def _queries() -> Iterator[str]:
    for odd in ODD_IN_ADDRESSES:
        yield "?" + "&".join(f"{name}={odd}" for name in PARAMETERS)
    yield f"?q={'a' * 60_000}"
    yield f"?q={'+'.join('a' * 1_100)}"
    for values in ODD_IN_CURSORS:
        yield f"?cursor={base64.urlsafe_b64encode(values.encode()).decode().rstrip('=')}"


def _names_of_forms() -> Iterator[str]:
    """Every field of every form, but for what makes a form ours."""
    for module in pkgutil.walk_packages(policyforum.__path__, "policyforum."):
        if module.name.endswith("forms"):
            import_module(module.name)
    waiting = [Form]
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        yield from (name for name, value in vars(form).items() if hasattr(value, "field_class"))
    yield from ("as", "parent", "next", "fix", "full", "thread", "locale", "revision")
