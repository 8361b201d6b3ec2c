"""Programs and browsers that talk to a real server over HTTP, each request on its own connection.

A reply that is cut off or refused for the moment is asked for again, as people and programs do.
"""

from __future__ import annotations

import copy
import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import Any

from tests.people import PASSWORD, hidden_fields

PATIENCE = 90.0  # seconds until a request must have been answered; calls are counted by the minute
PAUSE = 0.05
BUSY, TOO_MANY = 503, 429
LOST = (OSError, http.client.HTTPException)
Headers = Mapping[str, str]
NONE: Headers = {}


@dataclass(frozen=True, slots=True)
class Answer:
    """`location`: where a form led to."""

    status: int
    body: bytes
    location: str = ""

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class _StayHere(urllib.request.HTTPRedirectHandler):
    """Where a form leads to is part of its answer."""

    def redirect_request(self, *_all: Any) -> None:
        return None


class Asker:
    """A program with a token, or a browser with cookies, at one server."""

    def __init__(self, address: str, token: str = "") -> None:
        self._address = address
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._open = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar()), _StayHere()
        ).open

    def at(self, address: str) -> Asker:
        """The same browser or program, its cookies included, at another address."""
        other = copy.copy(self)
        other._address = address
        return other

    def sign_in(self, email: str) -> Asker:
        """As the person with this address; the language is English from then on."""
        page = self.get("/sign-in").text
        led = self.form("/sign-in", {**hidden_fields(page), "email": email, "password": PASSWORD})
        if not led.location:
            raise RuntimeError(f"{email} could not sign in: {led.status}")
        self.csrf = hidden_fields(self.get("/account").text)["csrf_token"]
        return self

    def get(self, path: str) -> Answer:
        return self.insist("GET", path)

    def api(self, method: str, path: str, body: Any = None, *, key: str = "") -> Answer:
        """A call of the API, until it is answered."""
        return self.insist(method, f"/api/v1{path}", *_json(body, key))

    def form(self, path: str, fields: dict[str, str]) -> Answer:
        """Send a form until it is answered."""
        return self.insist("POST", path, urllib.parse.urlencode(fields).encode(), FORM)

    def insist(
        self, method: str, path: str, data: bytes | None = None, headers: Headers = NONE
    ) -> Answer:
        """Send it until there is an answer that is not "busy"."""
        until = time.monotonic() + PATIENCE
        while True:
            answer = self.once(method, path, data, headers)
            if answer is not None and answer.status not in (BUSY, TOO_MANY):
                return answer
            if time.monotonic() > until:
                raise TimeoutError(f"{method} {path} was not answered")
            time.sleep(1.0 if answer is not None and answer.status == TOO_MANY else PAUSE)

    def once(self, method: str, path: str, data: bytes | None, headers: Headers) -> Answer | None:
        """Send it once; None when the reply was lost."""
        request = urllib.request.Request(
            f"{self._address}{path}", data, {**self._headers, **headers}, method=method
        )
        try:
            with self._open(request, timeout=PATIENCE) as reply:
                return Answer(reply.status, reply.read())
        except urllib.error.HTTPError as reply:
            try:
                return Answer(reply.code, reply.read(), reply.headers.get("Location") or "")
            except LOST:
                return None
        except LOST:
            return None


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def _json(body: Any, key: str) -> tuple[bytes | None, dict[str, str]]:
    headers = {"Content-Type": "application/json"}
    if key:
        headers["Idempotency-Key"] = key
    return (None if body is None else json.dumps(body).encode()), headers
