"""F16: hostile text in every field people fill, read on every page in a real browser."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from policyforum.db.session import db
from policyforum.notifications import delivery
from policyforum.text import markdown
from tests.addresses import Samples, pages
from tests.chromium import find_chromium, launch
from tests.conftest import TEST_DATA
from tests.people import Browser as Client
from tests.servers import threaded_server
from trials.attack.hostile_judge import NEEDS_A_CASE, Visitors, would_run
from trials.attack.hostile_texts import hostile_texts
from trials.attack.hostile_world import fill
from trials.attack.worlds import forum
from trials.trial import Outcome, Trial

AT_ONCE = 1_000
"""How many texts share one world."""
ECHOED = 24
SHORT = 120
AWAKE = 400


@dataclass
class Found:
    """What was seen in all worlds together."""

    pages: int = 0
    ran: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    would_run: int = 0
    mails: int = 0
    files: int = 0


def run(full: bool) -> Outcome:
    data = TEST_DATA if TEST_DATA.is_dir() else None
    texts = hostile_texts(data, full=full)
    if not full:
        texts = texts[:: max(1, len(texts) // SHORT)]
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    found = Found()
    with sync_playwright() as playwright:
        chromium = launch(playwright, find_chromium() or "")
        for at in range(0, len(texts), AT_ONCE):
            _try(chromium, texts[at : at + AT_ONCE], found, echoed=ECHOED if full else ECHOED // 8)
        chromium.close()
    wanted = AWAKE if full else len(texts) // 20
    return Outcome(
        f"{len(texts)} texts, {found.pages} pages, {found.mails} mails, {found.files} files:"
        f" {len(found.ran)} ran, {len(found.refused)} CSP reports, {len(found.failed)} failed;"
        f" uncleaned {found.would_run} run" + "".join(f"; {line[:120]}" for line in found.ran[:2]),
        not (found.ran or found.refused or found.failed)
        and found.would_run >= wanted
        and found.mails > 0,
    )


def _try(chromium: Browser, texts: Sequence[str], found: Found, *, echoed: int) -> None:
    """One world: every page without and with the content security policy, mails, files."""
    with forum() as place:
        samples = fill(place.app, texts)
        with place.app.app_context():
            addresses = tuple(pages(place.app, samples))
        _mails(place.app, found)
        _files(place.app, samples, found)
        with threaded_server(place.app, urlsplit(place.url).port or 0) as url:
            for policy in (False, True):
                visitors = Visitors(chromium, url, policy=policy)
                visitors.open_all(addresses, follow=not policy)
                visitors.echo(texts[:: max(1, len(texts) // echoed)], _worksheet(samples))
                walk = visitors.walk
                visitors.close()
                found.pages += walk.pages
                found.ran += walk.ran
                found.refused += walk.refused
                closed = {address.endpoint for address in addresses} - walk.opened - NEEDS_A_CASE
                found.failed += walk.failed + [f"nobody could open {name}" for name in closed]
            found.would_run += would_run(chromium, url, texts)


def _worksheet(samples: Samples) -> str:
    return f"/policies/{samples['*']['slug']}/worksheet"


def _mails(app: Flask, found: Found) -> None:
    """Every mail is plain text, with headers of one line."""
    letters: list[EmailMessage] = []

    @contextmanager
    def connection(_url: str) -> Iterator[Any]:
        class Server:
            def send_message(self, message: EmailMessage, **_more: object) -> None:
                letters.append(message)

        yield Server()

    with app.app_context(), patch.object(delivery, "_connection", connection):
        while delivery.deliver_mails(datetime.now(UTC), "smtp://localhost", 100):
            db.session.rollback()
    for letter in letters:
        lines = bytes(letter).split(b"\n\n")[0].decode("ascii", "replace").split("\n")
        names = {line.partition(":")[0] for line in lines if not line.startswith((" ", "\t"))}
        if letter.get_content_type() != "text/plain" or names - MAIL_HEADERS:
            found.ran.append(f"mail {letter['Message-ID']}: {names - MAIL_HEADERS}")
    found.mails += len(letters)


MAIL_HEADERS = {
    "Message-ID", "Date", "From", "To", "Subject", "Auto-Submitted", "Content-Type",
    "Content-Transfer-Encoding", "MIME-Version",
}  # fmt: skip


def _files(app: Flask, samples: Samples, found: Found) -> None:
    """Files are told to be what they are, and nothing else may be made of them."""
    client = Client(app)
    client.sign_in("drafter@example.test")
    policy = f"/policies/{samples['*']['slug']}"
    for path, kind in (
        (f"{policy}/feedback.csv?revision=1", "text/csv"),
        (f"{policy}/feedback.json?revision=1", "application/json"),
        (f"{policy}/revisions/1/source", "text/"),
        (f"{policy}/draft/source", "text/markdown"),
    ):
        answer = client.get(path)
        fine = answer.status_code == 200 and answer.content_type.startswith(kind)
        fine = fine and "html" not in answer.content_type
        if not fine or answer.headers["X-Content-Type-Options"] != "nosniff":
            found.ran.append(f"{path}: {answer.status_code} {answer.content_type}")
        found.files += 1


def broken(full: bool) -> Outcome:
    """What people write in Markdown is taken with its HTML, as it is."""

    def as_it_is(text: str) -> str:
        return text

    with (
        patch.object(markdown, "clean", as_it_is),
        patch.object(markdown, "escapeHtml", as_it_is),
        patch.object(markdown, "_comments", _open_parser),
    ):
        return run(False)


def _open_parser() -> Any:
    opened = markdown.parser(breaks=True)
    opened.options["html"] = True
    return opened


TRIAL = Trial(
    name="F16",
    what="hostile text in every field, on every page in Chromium with and without content security"
    " policy; searches, addresses, mails, files",
    goal=f"0 ran, 0 CSP reports; uncleaned ≥ {AWAKE} run",
    run=run,
    breaks="Markdown with its HTML as it is",
    broken=broken,
    needs=("chromium",),
)
