"""Knocking at every door of the application, as everybody."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.engine import make_url
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from policyforum.db.session import db
from tests.access.table import BODIES, FORMS
from tests.access.world import ANONYMOUS, VISITORS, World, email_of
from tests.people import Browser, hidden_fields

API = "/api/"
SAFE = {"GET", "HEAD", "OPTIONS"}
NOT_A_METHOD_OF_OURS = {"HEAD", "OPTIONS"}


def doors(app: Flask) -> list[tuple[Rule, str]]:
    """Every address pattern of the application with every method it takes."""
    return [
        (rule, method)
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
        for method in sorted((rule.methods or set()) - NOT_A_METHOD_OF_OURS)
    ]


def name_of(rule: Rule, method: str) -> str:
    return f"{rule.endpoint} {method}"


def path_of(rule: Rule, world: World, visibility: str = "staff") -> str:
    """The address with something that is there in every place."""

    def fill(place: re.Match[str]) -> str:
        name = place.group(1).rpartition(":")[2]
        if name == "slug":
            return world.slugs[visibility]
        if name in ("number", "before", "after", "version", "position"):
            return "1"
        thing = _thing(rule, name)
        return world.ids.get(f"{visibility} {thing}", world.ids[thing])

    return re.sub(r"<([^>]+)>", fill, rule.rule)


def _thing(rule: Rule, name: str) -> str:
    """What an id in an address is the id of: by its own name, or by the word before it."""
    named = name.removesuffix("_id")
    if named != "public":
        return named
    before = rule.rule[: rule.rule.index(f"<{name}>")].rstrip("/").rpartition("/")[2]
    return {"people": "person", "inbox": "notification"}.get(before, before.removesuffix("s"))


class Visitors:
    """Everybody at once: signed in, with tokens, and the database as it was for each of them."""

    def __init__(
        self, app: Flask, world: World, database_url: str, visitors: Sequence[str] = VISITORS
    ) -> None:
        self._app = app
        self._world = world
        self._file = Path(str(make_url(database_url).database))
        self._cookies: dict[str, str] = {}
        self._tokens: dict[str, str] = {}
        for visitor in visitors:
            self._let_in(visitor)
        with app.app_context():
            db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        self._let_go()
        self._kept = self._file.with_suffix(".kept")
        shutil.copyfile(self._file, self._kept)

    def knock(self, visitor: str, rule: Rule, method: str, visibility: str) -> str:
        """What the visitor meets: ok, refused, hidden or outside; any other status as it is."""
        answer = self._send(visitor, rule, method, visibility)
        status = answer.status_code
        if method not in SAFE and status < 400:
            self._put_back()
        led_to_sign_in = (answer.location or "").startswith("/sign-in")
        if status == 401 or led_to_sign_in or (status == 403 and visitor == ANONYMOUS):
            return "outside"
        if status in (400, 405) or status >= 500:
            return str(status)
        return {403: "refused", 404: "hidden"}.get(status, "ok")

    def send(
        self, visitor: str, rule: Rule, method: str, odd: Mapping[str, str], query: str = ""
    ) -> int:
        """The status of what `visitor` sends with these odd values in place of the usual ones."""
        status = self._send(visitor, rule, method, "staff", odd, query).status_code
        if method not in SAFE and status < 400:
            self._put_back()
        return status

    def fields_of(self, endpoint: str) -> set[str]:
        """The names of what is usually sent there."""
        return {*FORMS.get(endpoint, {}), *BODIES.get(endpoint, {})}

    def _send(
        self,
        visitor: str,
        rule: Rule,
        method: str,
        visibility: str,
        odd: Mapping[str, str] | None = None,
        query: str = "",
    ) -> TestResponse:
        path = path_of(rule, self._world, visibility) + query
        client: FlaskClient = self._app.test_client()
        if path.startswith(API):
            token = self._world.tokens.get(visitor)
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            body = None
            if method not in ("GET", "DELETE"):
                body = {**self._body(rule.endpoint), **(odd or {})}
            return client.open(path, method=method, headers=headers, json=body)
        client.set_cookie("session", self._cookies[visitor])
        if method == "GET":
            return client.get(path)
        form = {
            name: value.format(**self._world.ids)
            for name, value in FORMS.get(rule.endpoint, {}).items()
        }
        sent = {"csrf_token": self._tokens[visitor], **form, **(odd or {})}
        return client.open(path, method=method, data=sent)

    def _body(self, endpoint: str) -> dict[str, Any]:
        body = json.dumps(BODIES.get(endpoint, {}))
        filled: dict[str, Any] = json.loads(body.replace("{thread}", self._world.ids["thread"]))
        return filled

    def _let_in(self, visitor: str) -> None:
        browser = Browser(self._app)
        if visitor != ANONYMOUS:
            assert browser.sign_in(email_of(visitor)).status_code == 303
        page = browser.get("/sign-in" if visitor == ANONYMOUS else "/help").get_data(as_text=True)
        cookie = browser.client.get_cookie("session")
        assert cookie is not None
        self._cookies[visitor] = cookie.value
        self._tokens[visitor] = hidden_fields(page)["csrf_token"]

    def _put_back(self) -> None:
        self._let_go()
        shutil.copyfile(self._kept, self._file)

    def _let_go(self) -> None:
        with self._app.app_context():
            db.session.remove()
            db.engine.dispose()
        for suffix in ("-wal", "-shm"):
            Path(f"{self._file}{suffix}").unlink(missing_ok=True)
