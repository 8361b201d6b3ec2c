"""Take a picture of a page as a person would see it, for looking at what one has built.

Needs the development environment (`make test` installs it) and Chromium.
"""

import argparse
import sys
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, sync_playwright

from tests.chromium import MISSING, find_chromium, launch

PHONE, DESK = 390, 1280
HEIGHTS = {PHONE: 844, DESK: 900}


def main() -> int:
    options = parse()
    chromium = find_chromium()
    if chromium is None:
        print(MISSING, file=sys.stderr)
        return 1
    with sync_playwright() as playwright:
        browser = launch(playwright, chromium)
        is_phone = options.width < 820
        context = browser.new_context(
            viewport={"width": options.width, "height": HEIGHTS.get(options.width, 900)},
            device_scale_factor=2 if is_phone else 1,
            has_touch=is_phone,
            is_mobile=is_phone,
            color_scheme="dark" if options.dark else "light",
            locale=options.locale,
            timezone_id="Asia/Jakarta",
            reduced_motion="reduce",
        )
        try:
            if options.login:
                sign_in(context, options.url, *options.login)
            take(context.new_page(), options)
        finally:
            browser.close()
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("picture", type=Path, metavar="OUT.png")
    parser.add_argument("--width", type=int, default=DESK, help=f"{PHONE} or {DESK} (default)")
    parser.add_argument("--dark", action="store_true", help="as with a dark colour scheme")
    parser.add_argument("--print", action="store_true", help="as on paper")
    parser.add_argument("--full", action="store_true", help="the whole page, not only the window")
    parser.add_argument("--login", nargs=2, metavar=("EMAIL", "PASSWORD"), help="sign in first")
    parser.add_argument("--locale", default="id-ID", help="what the browser asks for")
    parser.add_argument("--click", metavar="SELECTOR", help="click there before the picture")
    return parser.parse_args()


def sign_in(context: BrowserContext, url: str, email: str, password: str) -> None:
    parts = urlsplit(url)
    page = context.new_page()
    page.goto(f"{parts.scheme}://{parts.netloc}/sign-in")
    page.fill("input[type=email], input[name=email]", email)
    page.fill("input[type=password]", password)
    with page.expect_navigation():
        page.press("input[type=password]", "Enter")
    if page.locator("input[type=password]").count():
        sys.exit(f"could not sign in as {email}")
    page.close()


def take(page: Page, options: argparse.Namespace) -> None:
    page.on("console", lambda message: print(f"console {message.type}: {message.text}"))
    page.on("pageerror", lambda error: print(f"page error: {error}"))
    answer = page.goto(options.url, wait_until="networkidle")
    if options.print:
        page.emulate_media(media="print")
    if options.click:
        page.click(options.click)
    page.screenshot(path=options.picture, full_page=options.full)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    status = answer.status if answer else "-"
    print(f"{status} {page.title()!r} -> {options.picture}")
    if wide > 0:
        print(f"the page is {wide} px wider than the window")


if __name__ == "__main__":
    sys.exit(main())
