"""F19: what another site could make somebody's browser send changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from policyforum.db.session import db
from tests.access.knocking import API, SAFE, doors, path_of
from tests.access.table import BODIES, FORMS
from tests.access.world import ALL_ROLES, build
from tests.people import Browser, hidden_fields
from trials.attack.worlds import forum
from trials.trial import Outcome, Trial

ELSEWHERE = {"Origin": "https://evil.example", "Referer": "https://evil.example/"}
REFUSED = (400, 401, 403, 404, 405, 415)


@dataclass
class Forged:
    tried: int = 0
    taken: list[str] = field(default_factory=list)
    changed: bool = False


def everything(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    """All rows of the database."""
    with app.app_context():
        found = {
            name: [tuple(row) for row in db.session.execute(select(table))]
            for name, table in db.metadata.tables.items()
        }
        db.session.remove()
    return found


def sweep(app: Flask) -> Forged:
    """Every unsafe route, sent in every way that carries the cookie and not the page's token."""
    world = build(app)
    browser = Browser(app)
    browser.sign_in(ALL_ROLES)
    stranger = hidden_fields(Browser(app).get("/sign-in").get_data(as_text=True))["csrf_token"]
    before, found = everything(app), Forged()
    for rule, method in doors(app):
        if method in SAFE:
            continue
        path = path_of(rule, world)
        form = FORMS.get(rule.endpoint, BODIES.get(rule.endpoint, {}))
        for what, send in _ways(browser.client, path, method, form, stranger):
            status = send().status_code
            found.tried += 1
            if status not in REFUSED:
                found.taken.append(f"{method} {rule.rule} {what}: {status}")
    found.changed = everything(app) != before or browser.get("/account").status_code != 200
    return found


def _ways(
    client: FlaskClient, path: str, method: str, form: Any, stranger: str
) -> Iterator[tuple[str, Any]]:
    def way(**sent: Any) -> Any:
        return lambda: client.open(path, method=sent.pop("method", method), **sent)

    yield "without a token", way(data=form)
    yield "with a made-up token", way(data={**form, "csrf_token": "made-up"})
    yield "with an empty token", way(data={**form, "csrf_token": ""})
    yield "with another's token", way(data={**form, "csrf_token": stranger})
    yield "from another site", way(data={**form, "csrf_token": stranger}, headers=ELSEWHERE)
    yield "as JSON", way(json=form)
    yield "as JSON in text/plain", way(data='{"a": "', content_type="text/plain")
    yield "with another's token in a header", way(data=form, headers={"X-CSRFToken": stranger})
    override = {"X-HTTP-Method-Override": method}
    yield (
        "as a POST for another method",
        way(method="POST", data={**form, "_method": method}, headers=override),
    )
    if not path.startswith(API):
        yield "as a GET for another method", _got(client, path, form, override)


def _got(client: FlaskClient, path: str, form: Any, override: dict[str, str]) -> Any:
    def send() -> Any:
        answer = client.get(path, query_string={**form, "_method": "POST"}, headers=override)
        if answer.status_code in (200, 302, 303):
            answer.status_code = 405  # a page of that address: whether it changed is seen below
        return answer

    return send


def run(full: bool) -> Outcome:
    with forum() as place:
        found = sweep(place.app)
    return Outcome(
        f"{found.tried} forged requests, {len(found.taken)} taken,"
        f" state {'changed' if found.changed else 'unchanged'}"
        + "".join(f"; {one}" for one in found.taken[:4]),
        not found.taken and not found.changed,
    )


def broken(full: bool) -> Outcome:
    """Tokens are not asked for."""
    with patch("flask_wtf.csrf.validate_csrf", lambda *_asked, **_more: None):
        return run(full)


TRIAL = Trial(
    name="F19",
    what="every unsafe route without token, with a wrong one or another's, from another site, as"
    " JSON, as text/plain, by method override, by GET; sign-out too",
    goal="0 changes of state",
    run=run,
    breaks="any token will do",
    broken=broken,
)
