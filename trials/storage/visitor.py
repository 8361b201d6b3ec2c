"""Somebody at a browser without scripts, at a real address."""

from __future__ import annotations

import html
import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from http.cookiejar import CookieJar

from tests.people import PASSWORD, hidden_fields

FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
AREA = re.compile(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?([^<]*)</textarea>')


@dataclass(frozen=True, slots=True)
class Page:
    status: int
    html: str
    retry_after: str | None

    def kept_fields(self) -> dict[str, str]:
        """What stands in the page's form, hidden or to be seen, ready to be sent."""
        found = [*FIELD.findall(self.html), *AREA.findall(self.html)]
        return {name: html.unescape(value) for name, value in found}


class Visitor:
    def __init__(self, address: str) -> None:
        self._address = address
        self._browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> Page:
        return self._open(path, None)

    def post(self, path: str, fields: dict[str, str]) -> Page:
        """Send a form; where it leads to is opened, as browsers do."""
        return self._open(path, urllib.parse.urlencode(fields).encode())

    def fill_in(self, path: str, **typed: str) -> dict[str, str]:
        """Open the page of a form; → everything that would be sent."""
        return {**hidden_fields(self.get(path).html), **typed}

    def sign_in(self, email: str) -> None:
        form = self.fill_in("/sign-in", email=email, password=PASSWORD)
        assert self.post("/sign-in", form).status == 200

    def _open(self, path: str, body: bytes | None) -> Page:
        request = urllib.request.Request(self._address + path, body)
        try:
            with self._browser.open(request, timeout=30) as answer:
                return Page(answer.status, answer.read().decode(), None)
        except urllib.error.HTTPError as refusal:
            advice = refusal.headers.get("Retry-After")
            return Page(refusal.code, refusal.read().decode(), advice)
        except OSError:
            return Page(0, "", None)
