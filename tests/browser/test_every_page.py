"""Every page of the application, filled with the demo, looked at by a machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from policyforum.accounts.models import Account
from policyforum.commenting.models import Comment, Thread
from policyforum.consolidation.models import FeedbackItem
from policyforum.db.session import db, transaction
from policyforum.demo.loader import load, password
from policyforum.organisation.models import Association, Unit
from policyforum.policies.models import Policy
from tests.addresses import Address, Samples
from tests.browser.conftest import DESK, PHONE, axe_faults, watch
from tests.browser.sites import Site, filled_site
from tests.engines import Databases

pytestmark = pytest.mark.timeout(600)

# Who opens a page: by endpoint, else by blueprint, else a drafter, who may see the most.
VISITORS = {
    "admin": "sinta",
    "commenting.edit": "euis",
    "commenting.hide": "yuyun",
    "commenting.show": "yuyun",
    "commenting.new": "euis",
    "commenting.reply": "euis",
    "decisions": "wahyu",
    "reading.audit": "agus",
    "reading.mine": "euis",
    "notifications": "euis",
    "accounts.sign_in": "",
}
SLUG = "manajemen-kepegawaian-asn"


@pytest.fixture(scope="module")
def site(
    databases_of: Callable[[str], Databases], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    with filled_site(databases_of("sqlite"), tmp_path_factory.mktemp("demo"), fill) as site:
        yield site


def fill(app: Flask) -> Samples:
    with app.app_context():
        with transaction():
            load(datetime.now(UTC))
        return samples()


def samples() -> Samples:
    """One thing of every kind, from the demo."""
    scalars = db.session.scalars
    policy = scalars(select(Policy).where(Policy.slug == SLUG)).one()
    own = scalars(
        select(Comment)
        .join(Comment.voice)
        .join(Account, Account.email == "euis@bandung.example")
        .join(Comment.thread)
        .where(
            Comment.voice.has(account_id=Account.id),
            Thread.revision_id == policy.current_revision_id,
        )
    ).first()
    assert own is not None
    thread = scalars(
        select(Thread)
        .where(Thread.revision_id == policy.current_revision_id, Thread.comment_count > 2)
        .order_by(Thread.id)
    ).first()
    assert thread is not None
    item = scalars(select(FeedbackItem).where(FeedbackItem.outcome == "accepted")).first()
    assert item is not None
    unit, association, account = (
        scalars(select(model).order_by(model.id)).first() for model in (Unit, Association, Account)
    )
    assert unit is not None
    assert association is not None
    assert account is not None
    return {
        "*": {"slug": SLUG, "number": 3, "before": 1, "after": 2, "version": 2, "position": 30},
        "commenting": {"public_id": own.public_id},
        "commenting.place": {"public_id": thread.public_id},
        "commenting.plan": {"public_id": thread.public_id},
        "commenting.reply": {"public_id": thread.public_id},
        "reading.thread": {"public_id": thread.public_id},
        "consolidation": {"thread_id": thread.public_id, "item_id": item.public_id},
        "admin.unit": {"public_id": unit.public_id},
        "admin.association": {"public_id": association.public_id},
        "admin.person": {"public_id": account.public_id},
    }


def visitor_of(address: Address) -> str:
    return VISITORS.get(address.endpoint, VISITORS.get(address.blueprint, "rangga"))


class Visitors:
    """Signed-in pages of one size and language, one for each person, kept."""

    def __init__(self, browser: Browser, site: Site, *, phone: bool, dark: bool, english: bool):
        self.browser, self.site = browser, site
        self.phone, self.dark, self.english = phone, dark, english
        self.faults: list[str] = []
        self.pages: dict[str, Page] = {}

    def page_of(self, person: str) -> Page:
        if person not in self.pages:
            width, height = PHONE if self.phone else DESK
            context = self.browser.new_context(
                base_url=self.site.url,
                viewport={"width": width, "height": height},
                is_mobile=self.phone,
                has_touch=self.phone,
                color_scheme="dark" if self.dark else "light",
                reduced_motion="reduce",
            )
            context.set_default_timeout(30_000)
            page = self.pages[person] = context.new_page()
            watch(page, self.faults)
            self._arrive(page, person)
        return self.pages[person]

    def _arrive(self, page: Page, person: str) -> None:
        page.goto("/sign-in")
        if self.english:
            with page.expect_navigation():
                page.locator("a[href^='/language?']").first.click()
        if person:
            page.fill("[name=email]", f"{person}@bandung.example")
            page.fill("[name=password]", password())
            with page.expect_navigation():
                page.click("main form .btn-1")

    def close(self) -> None:
        for page in self.pages.values():
            page.context.close()


@pytest.mark.parametrize(
    "phone, dark, english",
    [(True, False, False), (False, True, True)],
    ids=["phone-light-indonesian", "desk-dark-english"],
)
def test_every_page_is_sound(
    chromium: Browser, site: Site, phone: bool, dark: bool, english: bool
) -> None:
    """axe-core finds nothing, nothing runs off the side, and the page is put together rightly."""
    visitors = Visitors(chromium, site, phone=phone, dark=dark, english=english)
    found: list[str] = []
    for address in site.addresses:
        page = visitors.page_of(visitor_of(address))
        response = page.goto(address.path)
        assert response is not None
        if not response.ok:
            found.append(f"{address.path}: {response.status}")
            continue
        found += [f"{address.path}: {fault}" for fault in faults_of(page, response.text())]
    visitors.close()
    found += visitors.faults
    assert not found, "\n".join(found)


def faults_of(page: Page, html: str) -> list[str]:
    is_fragment = "<html" not in html
    if is_fragment:
        return inspected(html, fragment=True)
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    sideways = [f"runs {wider} pixels off the side"] if wider > 0 else []
    return axe_faults(page) + sideways + inspected(html, fragment=False)


def inspected(html: str, *, fragment: bool) -> list[str]:
    """What is wrong with the page as it was sent."""
    soup = BeautifulSoup(html, "html.parser")
    faults = []
    if not fragment:
        if not (soup.title and soup.title.get_text(strip=True)):
            faults.append("has no title")
        if len(soup.find_all("h1")) != 1:
            faults.append(f"has {len(soup.find_all('h1'))} h1")
        if not soup.html or soup.html.get("lang") not in ("id", "en"):
            faults.append("does not say its language")
    ids = Counter(str(tag["id"]) for tag in soup.find_all(id=True))
    faults += [f"has the id {name} {times} times" for name, times in ids.items() if times > 1]
    for tag in soup.find_all(True):
        inline = [name for name in tag.attrs if name.startswith("on") or name == "style"]
        faults += [f"has {name} on <{tag.name}>" for name in inline]
        if tag.name == "script" and not tag.get("src") and tag.get("type") != "application/json":
            faults.append("has an inline script")
    labelled = {str(tag["for"]) for tag in soup.find_all("label", attrs={"for": True})}
    for control in soup.find_all(["input", "select", "textarea"]):
        named = control.get("aria-label") or control.get("aria-labelledby")
        is_hidden = control.get("type") in ("hidden", "submit") or control.has_attr("hidden")
        if is_hidden or named or control.find_parent("label"):
            continue
        if control.get("id") not in labelled:
            faults.append(f"has no label for {control.get('name')}")
    return faults
