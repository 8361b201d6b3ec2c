"""The judge: a browser that opens pages as everybody and provokes whatever could run on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from playwright.sync_api import Browser, Error, Page

from tests.addresses import Address
from tests.people import PASSWORD
from trials.attack.hostile_world import ROLES

NEEDS_A_CASE = frozenset({"commenting.edit", "commenting.show", "commenting.place"})
"""Pages that open only for the author, or in a state that this world is not in."""

LISTENING = """
window.__ran = 0;
window.__refused = [];
addEventListener('securitypolicyviolation', e => window.__refused.push(e.violatedDirective));
for (const name of ['alert', 'confirm', 'prompt', 'print']) window[name] = () => { window.__ran++ };
"""

PROVOKED = """
() => {
  const events = ['mouseover', 'mouseenter', 'focus', 'pointerenter', 'animationstart', 'toggle',
                  'error', 'load', 'scroll', 'beforetoggle'];
  for (const element of document.querySelectorAll('main *')) {
    for (const name of events) element.dispatchEvent(new Event(name));
  }
  const leads = text => URL.canParse(text, location) ? new URL(text, location).href : 'nowhere:';
  const scheming = [...document.querySelectorAll('a[href], form[action], iframe, object, embed')]
    .filter(e => !/^(https?:|mailto:)/.test(
      e.href || leads(e.getAttribute('action') || e.src || 'about:')));
  return [window.__ran, ...scheming.map(e => e.outerHTML)];
}
"""

UNCLEANED = "text => { window.__ran = 0; document.querySelector('main').innerHTML = text }"

ECHOES = (
    ("staff", "/policies?q={text}"),
    ("staff", "/policies/{text}"),
    ("staff", "/sign-in?next={text}"),
    ("staff", "/{text}"),
    ("admin", "/admin/people?q={text}"),
    ("drafter", "{worksheet}?q={text}"),
)
"""Addresses that say again what was asked for: searches, and pages that are not there."""
FOLLOWED = 200
"""The most pages of one list."""


@dataclass
class Walk:
    """`ran`: what ran where. `refused`: what the content security policy had to stop."""

    pages: int = 0
    ran: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    opened: set[str] = field(default_factory=set)


class Visitors:
    """One browser for each role. `policy`: whether the content security policy is in force."""

    def __init__(self, chromium: Browser, url: str, *, policy: bool) -> None:
        self.walk = Walk()
        self._pages = {role: visitor(chromium, url, role, policy=policy) for role in ROLES}

    def open_all(self, addresses: Iterable[Address], *, follow: bool = False) -> None:
        """Every page, as whoever sees the most of it; `follow`: lists to their end."""
        for address in addresses:
            for role in readers(address):
                if self._look(role, address.path, address.endpoint) and follow:
                    self._follow(role, address)

    def echo(self, texts: Sequence[str], worksheet: str) -> None:
        """Texts in addresses."""
        for text in texts:
            for role, pattern in ECHOES:
                self._look(
                    role, pattern.format(text=quote(text[:190], safe=""), worksheet=worksheet)
                )

    def close(self) -> None:
        for page in self._pages.values():
            page.context.close()

    def _look(self, role: str, path: str, endpoint: str = "") -> bool:
        page, walk = self._pages[role], self.walk
        response = page.goto(path)
        if response is None or response.status >= 500:
            walk.failed.append(f"{role} {path}")
            return False
        walk.pages += 1
        if response.ok:
            walk.opened.add(endpoint)
        count, *scheming = page.evaluate(PROVOKED)
        walk.ran += [f"{role} {path}: {count} {scheming}"] * bool(count or scheming)
        walk.refused += [f"{role} {path}: {one}" for one in page.evaluate("window.__refused")]
        return bool(response.ok)

    def _follow(self, role: str, address: Address) -> None:
        page = self._pages[role]
        for _page in range(FOLLOWED):
            further = page.locator("a[href*='cursor=']").last
            path = further.get_attribute("href") if further.count() else None
            if not path or not self._look(role, path):
                return


def visitor(chromium: Browser, url: str, role: str, *, policy: bool) -> Page:
    """A page of somebody signed in with this role."""
    context = chromium.new_context(base_url=url, bypass_csp=not policy)
    context.add_init_script(LISTENING)
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("[name=email]", f"{role}@example.test")
    page.fill("[name=password]", PASSWORD)
    page.click("main form .btn-1")
    page.wait_for_load_state()
    assert "/sign-in" not in page.url
    return page


def readers(address: Address) -> tuple[str, ...]:
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


def would_run(chromium: Browser, url: str, texts: Iterable[str]) -> int:
    """How many of the texts run on a page that cleans nothing: so the judge sees what runs."""
    page = chromium.new_page(base_url=url, bypass_csp=True)
    page.add_init_script(LISTENING)
    page.goto("/sign-in")
    ran = sum(_runs(page, text) for text in texts)
    page.close()
    return ran


def _runs(page: Page, text: str) -> bool:
    try:
        page.evaluate(UNCLEANED, text)
        count, *scheming = page.evaluate(PROVOKED)
    except Error:  # this one, or the one before, leads to another page: it counts for nothing
        page.goto("/sign-in")
        return False
    return bool(count or scheming)
