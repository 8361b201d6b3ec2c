"""What a phone loads at its first visit: every file, as a browser that takes brotli gets it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from playwright.sync_api import Request, ViewportSize, sync_playwright

from benchmarks.client import burst, get
from benchmarks.data.city import staff
from benchmarks.data.engines import SQLITE, databases
from benchmarks.data.making import POLICY
from benchmarks.judging import BROWSER
from benchmarks.people import ask, sign_in
from benchmarks.servers import OWN, Server, application
from benchmarks.table import Row, Topic
from tests.chromium import find_chromium, launch

BYTES_BAR, REQUESTS_BAR = 120_000, 6
PHONE: ViewportSize = {"width": 390, "height": 844}
LINKED = re.compile(r'<(?:link|script|img|use)\b[^>]*?(?:href|src)="(/[^"#]+)')


def measure(quick: bool) -> Iterator[Row]:
    with databases(SQLITE) as opened:
        database = opened("small")
        with application(OWN, database.settings) as server:
            member = sign_in(server, staff(0)).cookie
            for what, path, who in (
                ("a revision of 60 articles, signed out", f"/policies/{POLICY}/revisions/2", ""),
                ("a revision of 60 articles, signed in", f"/policies/{POLICY}/revisions/2", member),
                ("home, signed out", "/", ""),
            ):
                yield _visit(server, what, path, who)


def _visit(server: Server, what: str, path: str, cookie: str) -> Row:
    executable = find_chromium()
    if executable is None:
        paths, way = _linked(server, path, cookie), "the page's links (no Chromium here)"
    else:
        paths, way = _fetched(server, path, cookie, executable), "Chromium"
    sizes = {each: _size(server, each, cookie) for each in paths}
    total = sum(sizes.values())
    parts = ", ".join(f"{_kind(each)} {size / 1000:.1f}" for each, size in sizes.items())
    return Row(
        what,
        f"{total / 1000:.1f} kB in {len(sizes)} requests",
        f"≤ {BYTES_BAR / 1000:.0f} kB, ≤ {REQUESTS_BAR} requests",
        total <= BYTES_BAR and len(sizes) <= REQUESTS_BAR,
        f"heads and bodies: {parts}; by {way}",
        {"bytes": total, "requests": len(sizes)},
    )


def _fetched(server: Server, path: str, cookie: str, executable: str) -> list[str]:
    """The paths a browser asks for when it opens the page and goes through it."""
    asked: list[str] = []

    def note(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme == "http" and parts.path not in asked:
            asked.append(parts.path)

    with sync_playwright() as playwright:
        browser = launch(playwright, executable)
        headers = {"Cookie": cookie.removeprefix("Cookie: ")} if cookie else {}
        page = browser.new_page(viewport=PHONE, is_mobile=True, extra_http_headers=headers)
        page.on("request", note)
        page.goto(f"http://127.0.0.1:{server.port}{path}", wait_until="networkidle")
        browser.close()
    return asked


def _linked(server: Server, path: str, cookie: str) -> list[str]:
    headers = {"Cookie": cookie.removeprefix("Cookie: ")} if cookie else {}
    return list(dict.fromkeys([path, *LINKED.findall(ask(server, path, headers).body)]))


def _size(server: Server, path: str, cookie: str) -> int:
    request = get(path, *filter(None, (BROWSER, cookie)))
    return burst(server.port, [lambda: request], 0, 200).received


def _kind(path: str) -> str:
    name = path.rpartition("/")[2]
    return name.rpartition(".")[2] if "." in name else "page"


TOPIC = Topic("visiting", "A first visit on a phone, compressed, everything", measure)
