"""Hostile text in every field people fill, read on every page in a real browser: nothing runs.

Many texts are put on one page, so that a few hundred fit into seconds. Plain fields show them as
typed; Markdown keeps its source exactly.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from policyforum.accounts.models import Account
from policyforum.accounts.queries import account_by_email
from policyforum.accounts.services import AccountData, change_account
from policyforum.commenting.models import Comment, Thread
from policyforum.commenting.opening import ThreadData
from policyforum.commenting.services import open_thread, reply
from policyforum.consolidation.models import FeedbackItem
from policyforum.consolidation.services import DispositionData, FeedbackData, dispose, gather
from policyforum.db.session import db, transaction
from policyforum.decisions.services import DecisionData, decide, recommend
from policyforum.drafting.queries import current_draft
from policyforum.drafting.services import PublishData, publish_draft, save_draft, start_policy
from policyforum.organisation.acting import actor_for
from policyforum.organisation.actor import PROGRAM, Actor
from policyforum.organisation.models import Association, Unit
from policyforum.organisation.services import (
    AssociationData,
    UnitData,
    add_association,
    add_unit,
)
from policyforum.policies.models import Policy, Revision
from policyforum.policies.services import PolicyData, RoundData, open_round
from policyforum.web.problems import Invalid
from policyforum.web.texts import is_blank
from tests.addresses import Address, Samples
from tests.browser.sites import Site, filled_site
from tests.engines import Databases
from tests.people import PASSWORD, make_person

pytestmark = pytest.mark.timeout(600)

NEEDS_A_CASE = frozenset({"commenting.edit", "commenting.show", "commenting.place"})
"""Pages that open only for the author, or in a state that this world is not in."""

ROLES = ("admin", "drafter", "staff", "leader", "moderator", "auditor")

OWN = (
    "<script>window.__ran++</script>",
    "<img src=x onerror=window.__ran++>",
    '"><svg onload=window.__ran++>',
    "'-window.__ran++-'",
    "javascript:window.__ran++",
    "[a](javascript:window.__ran++)",
    "[a](<javascript:window.__ran++>)",
    '![a](x "onerror=window.__ran++")',
    '<a href="&#106;avascript:window.__ran++">x</a>',
    "`</code><script>window.__ran++</script>`",
    "{{ 7*7 }}{% raw %}",
    "</title><script>window.__ran++</script>",
    "</textarea><script>window.__ran++</script>",
    "<!--><script>window.__ran++</script>-->",
    "# <iframe srcdoc='<script>parent.__ran++</script>'>",
)
"""Ours, which say that they ran by counting; the others call alert, prompt, confirm or print."""

LISTENING = """
window.__ran = 0;
for (const name of ['alert', 'confirm', 'prompt', 'print']) window[name] = () => { window.__ran++ };
"""

PROVOKED = """
() => {
  const events = ['mouseover', 'mouseenter', 'focus', 'pointerenter', 'animationstart', 'toggle',
                  'error', 'load', 'scroll', 'beforetoggle'];
  for (const element of document.querySelectorAll('main *')) {
    for (const name of events) element.dispatchEvent(new Event(name));
  }
  const scheming = [...document.querySelectorAll('a[href], form[action], iframe, object, embed')]
    .filter(e => !/^(https?:|mailto:)/.test(
      e.href || new URL(e.getAttribute('action') || e.src || 'about:', location).href));
  return [window.__ran, ...scheming.map(e => e.outerHTML)];
}
"""


@pytest.fixture(scope="module")
def texts(request: pytest.FixtureRequest) -> list[str]:
    """The texts of the test data where they are, and always ours; blanks and NUL are refused."""
    found = list(OWN)
    try:
        folder: Path = request.getfixturevalue("test_data") / "badinput"
    except pytest.skip.Exception:
        return found
    for name, field in (
        ("dompurify-vectors", "payload"),
        ("naughty-strings", "value"),
        ("commonmark-0.31.2", "markdown"),
    ):
        entries = json.loads((folder / f"{name}.json").read_text("utf-8"))
        found += [entry[field] for entry in entries]
    return [text for text in found if not is_blank(text) and "\x00" not in text]


@pytest.fixture(scope="module")
def site(
    databases_of: Callable[[str], Databases],
    tmp_path_factory: pytest.TempPathFactory,
    texts: list[str],
) -> Iterator[Site]:
    """A policy every text of which is hostile."""

    def fill(app: Flask) -> Samples:
        for role in ROLES:
            make_person(app, f"{role}@example.test", role)
        with app.app_context(), transaction():
            return _fill(texts)

    with filled_site(databases_of("sqlite"), tmp_path_factory.mktemp("hostile"), fill) as site:
        yield site


def _fill(texts: list[str]) -> Samples:
    now = datetime.now(UTC)
    lines = Lines(texts)
    for number, name in enumerate(islice(lines, 25)):
        add_unit(PROGRAM, UnitData(f"U{number}", name), None, now)
        add_association(PROGRAM, AssociationData(f"A{number}", name), now)
    for role in ROLES:
        account = account_by_email(f"{role}@example.test")
        assert account is not None
        change_account(account, "", AccountData(account.email, next(lines)), now)
    drafter, staff, leader = (_actor(role, now) for role in ("drafter", "staff", "leader"))
    data = PolicyData(next(lines), "generic", "public", summary=next(lines))
    policy = start_policy(drafter, data, "", now)
    headings = "\n\n".join(f"# {line}\n\n{text}" for line, text in zip(lines, texts, strict=False))
    before = _publish(policy, drafter, headings, next(lines), now)
    threads = _discuss(policy, before, staff, texts, now)
    items = [
        _answered(policy, drafter, next(lines), threads[at : at + 40], texts[-1 - at], now)
        for at in range(0, len(threads), 40)
    ]
    recommend(policy, before, drafter, "\n\n".join(texts[:60]), now)
    decide(policy, before, leader, DecisionData("returned", "\n\n".join(texts[60:120]) or "x"), now)
    changed = headings.replace("a", "b", 50) + "\n\n# New\n\n" + "\n\n".join(texts[:50])
    after = _publish(policy, drafter, changed, next(lines), now)
    last = _discuss(policy, after, staff, texts[:40], now)
    return _samples(policy, after, last[0], items[0])


def _answered(
    policy: Policy, drafter: Actor, summary: str, threads: list[Thread], text: str, now: datetime
) -> FeedbackItem:
    entry = FeedbackData(1, summary, [thread.public_id for thread in threads])
    item = gather(policy, drafter, entry, now)
    dispose(item, drafter, DispositionData("partly", text, text), now)
    return item


class Lines:
    """One-line texts of at most 190 characters for plain fields, over and over."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._lines = [
            line for text in texts if (line := " ".join(text.split())) and len(line) <= 190
        ]
        self._at = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self._at += 1
        return self._lines[self._at % len(self._lines)]


def _actor(role: str, now: datetime) -> Actor:
    account = account_by_email(f"{role}@example.test")
    assert account is not None
    return actor_for(account, now)


def _publish(policy: Policy, drafter: Actor, source: str, note: str, now: datetime) -> Revision:
    save_draft(policy, drafter, source, current_draft(policy).version, now)
    version = current_draft(policy).version
    revision = publish_draft(policy, drafter, PublishData(note, version), now)
    data = RoundData(now - timedelta(hours=1), now + timedelta(days=7), "public")
    open_round(policy, revision, drafter, data, now)
    return revision


def _discuss(
    policy: Policy, revision: Revision, staff: Actor, texts: Sequence[str], now: datetime
) -> list[Thread]:
    threads = []
    for text in texts:
        data = ThreadData(None, text, kind="proposal", stance="oppose")
        thread = open_thread(policy, revision, staff, data, now)
        stored = db.session.scalars(select(Comment).where(Comment.thread_id == thread.id)).one()
        assert stored.body == text.strip() or stored.body == text, "the source is kept"
        threads.append(thread)
    for thread, text in zip(threads[:30], reversed(texts), strict=False):
        reply(thread, staff, text, None, now)
    return threads


def _samples(policy: Policy, revision: Revision, thread: Thread, item: FeedbackItem) -> Samples:
    first = db.session.scalars(select(Comment).where(Comment.thread_id == thread.id)).first()
    assert first is not None
    by_model: dict[type, Any] = {
        model: db.session.scalars(select(model).order_by(model.id)).first()
        for model in (Unit, Association, Account)
    }
    slug, number = policy.slug, revision.number
    return {
        "*": {"slug": slug, "number": number, "before": 1, "after": 2, "version": 2},
        "commenting": {"public_id": first.public_id},
        "commenting.place": {"public_id": thread.public_id},
        "commenting.reply": {"public_id": thread.public_id},
        "reading.thread": {"public_id": thread.public_id},
        "consolidation": {"thread_id": thread.public_id, "item_id": item.public_id},
        "admin.unit": {"public_id": by_model[Unit].public_id},
        "admin.association": {"public_id": by_model[Association].public_id},
        "admin.person": {"public_id": by_model[Account].public_id},
    }


def test_nothing_runs_on_any_page(chromium: Browser, site: Site) -> None:
    visitors = {role: _visitor(chromium, site, role) for role in ROLES}
    ran: list[str] = []
    opened: set[str] = set()
    for address in site.addresses:
        for role in _readers(address):
            page = visitors[role]
            response = page.goto(address.path)
            assert response is not None
            assert response.status < 500, address
            if response.ok:
                opened.add(address.endpoint)
                count, *scheming = page.evaluate(PROVOKED)
                ran += [f"{role} {address.path}: {count} {scheming}"] * bool(count or scheming)
    for page in visitors.values():
        page.context.close()
    assert not ran, "\n".join(ran)
    closed = {address.endpoint for address in site.addresses} - opened - NEEDS_A_CASE
    assert not closed, "nobody could open these"


def _readers(address: Address) -> tuple[str, ...]:
    """Who opens a page: whoever may see the most of it, and staff where they may."""
    if address.blueprint == "admin":
        return ("admin",)
    if address.blueprint == "decisions":
        return ("leader", "drafter")
    return {
        "commenting.hide": ("moderator",),
        "commenting.show": ("moderator",),
        "reading.audit": ("auditor",),
        "reading.revision": ("drafter", "staff"),
    }.get(
        address.endpoint,
        ("staff", "drafter") if address.blueprint == "commenting" else ("drafter",),
    )


def test_the_judge_is_awake(chromium: Browser, site: Site, texts: list[str]) -> None:
    """Put on a page without any cleaning, many of the same texts do run."""
    page = chromium.new_page(base_url=site.url, bypass_csp=True)
    page.add_init_script(LISTENING)
    page.goto("/sign-in")
    ran = 0
    for text in texts:
        page.evaluate("text => document.querySelector('main').innerHTML = text", text)
        count, *scheming = page.evaluate(PROVOKED)
        ran += bool(count or scheming)
    page.close()
    assert ran >= min(5, len(texts))


def test_plain_fields_show_what_was_typed(chromium: Browser, site: Site) -> None:
    page = _visitor(chromium, site, "admin")
    for path, model in (("/admin/units", Unit), ("/admin/associations", Association)):
        page.goto(path)
        shown = " ".join(page.locator("main").inner_text().split())
        with site.app.app_context():
            names = db.session.scalars(select(model.name)).all()
        missing = [name for name in names if " ".join(name.split()) not in shown]
        assert not missing, path
    page.context.close()


def _visitor(chromium: Browser, site: Site, role: str) -> Page:
    context = chromium.new_context(base_url=site.url, bypass_csp=True)
    context.add_init_script(LISTENING)
    page = context.new_page()
    _sign_in(page, role)
    return page


def _sign_in(page: Page, role: str) -> None:
    page.goto("/sign-in")
    page.fill("[name=email]", f"{role}@example.test")
    page.fill("[name=password]", PASSWORD)
    page.click("main form .btn-1")
    page.wait_for_load_state()
    assert "/sign-in" not in page.url


def test_texts_with_nul_are_refused_in_words(app: Flask) -> None:
    with app.app_context(), pytest.raises(Invalid) as refused, transaction():
        add_unit(PROGRAM, UnitData("N", "Dinas\x00Satu"), None, datetime.now(UTC))
    assert "NUL" in refused.value.detail
