"""People at the server that is measured: they sign in through the form, as everybody does."""

from __future__ import annotations

import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlencode

from benchmarks.data.city import PASSWORD, email_of
from benchmarks.servers import Server

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    """By name in lower case."""
    body: str


@dataclass(frozen=True, slots=True)
class Person:
    """`cookie`: the header line that every request of theirs carries."""

    cookie: str
    csrf_token: str


def ask(
    server: Server,
    path: str,
    headers: Mapping[str, str] = MappingProxyType({}),
    form: Mapping[str, str] | None = None,
) -> Answer:
    """One request outside of any measuring; with a form it is sent as one."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    if form is None:
        connection.request("GET", path, headers=dict(headers))
    else:
        connection.request("POST", path, urlencode(form), {"Content-Type": FORM, **headers})
    answer = connection.getresponse()
    told = {name.lower(): value for name, value in answer.getheaders()}
    body = answer.read().decode("utf-8", "replace")
    connection.close()
    return Answer(answer.status, told, body)


def sign_in(server: Server, name: str) -> Person:
    """The person with this name in the made-up city, signed in."""
    shown = ask(server, "/sign-in")
    form = {**_hidden(shown.body), "email": email_of(name), "password": PASSWORD}
    done = ask(server, "/sign-in", {"Cookie": _cookie(shown)}, form)
    if done.status != 303:
        raise RuntimeError(f"{name} could not sign in: {done.status}")
    cookie = _cookie(done)
    account = ask(server, "/account/password", {"Cookie": cookie})
    return Person(f"Cookie: {_cookie(account) or cookie}", _hidden(account.body)["csrf_token"])


def token_of(server: Server, person: Person) -> str:
    """The header line of a program that acts for this person."""
    form = {"csrf_token": person.csrf_token, "label": "bench"}
    headers = {"Cookie": person.cookie.removeprefix("Cookie: ")}
    made = ask(server, "/account/tokens", headers, form)
    secret = re.search(r'token-secret">(pf_[\w-]+)<', made.body)
    if secret is None:
        raise RuntimeError(f"no token was made: {made.status}")
    return f"Authorization: Bearer {secret.group(1)}"


def _hidden(page: str) -> dict[str, str]:
    tag = re.search(r'<input[^>]*name="csrf_token"[^>]*>', page)
    value = re.search(r'value="([^"]*)"', tag.group()) if tag else None
    if value is None:
        raise RuntimeError("the page has no form")
    return {"csrf_token": value.group(1)}


def _cookie(answer: Answer) -> str:
    found = re.search(r"session=[^;]+", answer.headers.get("set-cookie", ""))
    return found.group() if found else ""
