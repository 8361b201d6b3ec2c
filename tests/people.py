"""People for tests, made through the same services as everybody, and browsers they sit at."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from policyforum.accounts.queries import account_by_email
from policyforum.accounts.services import create_token
from policyforum.db.session import transaction
from policyforum.organisation.actor import PROGRAM
from policyforum.organisation.people import GrantData, PersonData, add_person, grant_role
from policyforum.organisation.queries import unit_by_code
from policyforum.organisation.services import UnitData, add_unit

PASSWORD = "gedung-sate-di-pagi-hari"


def make_unit(app: Flask, code: str, *, under: str | None = None) -> str:
    """A unit with this code; → its public id."""
    with app.app_context(), transaction():
        parent = unit_by_code(under) if under else None
        return add_unit(
            PROGRAM, UnitData(code, f"Unit {code}"), parent, datetime.now(UTC)
        ).public_id


def make_person(
    app: Flask, email: str, *roles: str, unit: str | None = None, name: str = ""
) -> str:
    """A person with these roles, limited to that unit if one is given; → the public id."""
    now = datetime.now(UTC)
    with app.app_context(), transaction():
        body = unit_by_code(unit) if unit else None
        first, *others = roles
        called = name or email.split("@", maxsplit=1)[0].title()
        data = PersonData(email, called, GrantData(first, body), body, "", PASSWORD)
        account, _made = add_person(PROGRAM, data, now)
        for role in others:
            grant_role(account, PROGRAM, GrantData(role, body), now)
        return account.public_id


def make_token(app: Flask, email: str) -> str:
    """An API token of the person with this address."""
    with app.app_context(), transaction():
        account = account_by_email(email)
        assert account is not None
        return create_token(account, "test", datetime.now(UTC))


class Browser:
    """A browser without JavaScript: keeps cookies, sends the forms it was shown."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, **more)

    def post(
        self, path: str, form: dict[str, Any] | None = None, *, page: str = ""
    ) -> TestResponse:
        """Send a form from `page` (by default the page at `path`), its hidden fields included."""
        shown = hidden_fields(self.get(page or path).get_data(as_text=True))
        return self.client.post(path, data={**shown, **(form or {})})

    def sign_in(self, email: str, password: str = PASSWORD) -> TestResponse:
        return self.post("/sign-in", {"email": email, "password": password})


def hidden_fields(html: str) -> dict[str, str]:
    """The CSRF token and the key for doing it once, of the first form of the page that has them."""
    found = {}
    for name in ("csrf_token", "once"):
        for tag in re.findall(rf'<input[^>]*name="{name}"[^>]*>', html):
            value = re.search(r'value="([^"]*)"', tag)
            if value:
                found.setdefault(name, value.group(1))
    return found
