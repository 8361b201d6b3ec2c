"""A real browser on a real port. Without Chromium these tests are skipped, and say so.

`open_page(...)` gives a page of a new visitor; `page` is one at a desk and `phone` one on a phone.
At the end of a test every page must have been without script errors, breaches of the content
security policy and missing files.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, expect, sync_playwright

from config import Config
from tests.chromium import MISSING, find_chromium, launch
from tests.servers import threaded_server

HERE = Path(__file__).parent
DESK, PHONE = (1280, 900), (390, 844)
PATIENCE = 20_000  # milliseconds; a busy machine is no fault
AXE_OPTIONS = {"resultTypes": ["violations"]}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


class OpenPage(Protocol):
    def __call__(
        self,
        size: tuple[int, int] = DESK,
        *,
        dark: bool = False,
        javascript: bool = True,
        locale: str = "id-ID",
    ) -> Page: ...


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    executable = find_chromium()
    if executable is None:
        pytest.skip(MISSING)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = launch(playwright, executable)
        yield browser
        browser.close()


@pytest.fixture
def live_server(app: Flask, config: Config) -> Iterator[str]:
    """The address of `app`, served from a thread."""
    with threaded_server(app, urlsplit(config.base_url).port or 0) as url:
        yield url


@pytest.fixture
def open_page(chromium: Browser, live_server: str) -> Iterator[OpenPage]:
    faults: list[str] = []
    contexts = []

    def open_page(
        size: tuple[int, int] = DESK,
        *,
        dark: bool = False,
        javascript: bool = True,
        locale: str = "id-ID",
    ) -> Page:
        is_phone = size[0] < DESK[0]
        context = chromium.new_context(
            base_url=live_server,
            viewport={"width": size[0], "height": size[1]},
            is_mobile=is_phone,
            has_touch=is_phone,
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            locale=locale,
            timezone_id="Asia/Jakarta",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        watch(page, faults)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page(DESK)


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    return open_page(PHONE)


def watch(page: Page, faults: list[str]) -> None:
    """Note in `faults` what a page must never do."""

    def heard(message: ConsoleMessage) -> None:
        # A refused page is told of here too; missing files are counted below, with their address.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            faults.append(f"{page.url}: {message.text}")

    def answered(response: Response) -> None:
        fetched = response.request.resource_type in ("stylesheet", "script", "font", "image")
        if response.status >= 400 and fetched:
            faults.append(f"{page.url}: {response.status} for {response.url}")

    page.on("console", heard)
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on("response", answered)


def axe_faults(page: Page) -> list[str]:
    """What axe-core finds wrong with the page as it stands: one line for each rule and place."""
    results = Axe().run(page, options=AXE_OPTIONS)
    return [
        f"{violation['id']}: {violation['help']}: {node['html']}"
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]
