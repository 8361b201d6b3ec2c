"""Hostile text in every field people fill, read on every page in a real browser: nothing runs.

Many texts are put on one page, so that a few hundred fit into seconds. Plain fields show them as
typed; Markdown keeps its source exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import select

from policyforum.db.session import db, transaction
from policyforum.organisation.actor import PROGRAM
from policyforum.organisation.models import Association, Unit
from policyforum.organisation.services import UnitData, add_unit
from policyforum.web.problems import Invalid
from tests.browser.sites import Site, filled_site
from tests.engines import Databases
from trials.attack.hostile_judge import NEEDS_A_CASE, Visitors, visitor, would_run
from trials.attack.hostile_texts import hostile_texts
from trials.attack.hostile_world import fill

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def texts(request: pytest.FixtureRequest) -> list[str]:
    """The texts of the test data where they are, and always ours; blanks and NUL are refused."""
    try:
        data: Path | None = request.getfixturevalue("test_data")
    except pytest.skip.Exception:
        data = None
    return hostile_texts(data, full=False)


@pytest.fixture(scope="module")
def site(
    databases_of: Callable[[str], Databases],
    tmp_path_factory: pytest.TempPathFactory,
    texts: list[str],
) -> Iterator[Site]:
    """A policy every text of which is hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    with filled_site(databases_of("sqlite"), folder, lambda app: fill(app, texts)) as site:
        yield site


def test_nothing_runs_on_any_page(chromium: Browser, site: Site) -> None:
    visitors = Visitors(chromium, site.url, policy=False)
    visitors.open_all(site.addresses)
    visitors.close()
    walk = visitors.walk
    assert not walk.failed, "\n".join(walk.failed)
    assert not walk.ran, "\n".join(walk.ran)
    closed = {address.endpoint for address in site.addresses} - walk.opened - NEEDS_A_CASE
    assert not closed, "nobody could open these"


def test_the_judge_is_awake(chromium: Browser, site: Site, texts: list[str]) -> None:
    """Put on a page without any cleaning, many of the same texts do run."""
    assert would_run(chromium, site.url, texts) >= min(5, len(texts))


def test_plain_fields_show_what_was_typed(chromium: Browser, site: Site) -> None:
    page = visitor(chromium, site.url, "admin", policy=False)
    for path, model in (("/admin/units", Unit), ("/admin/associations", Association)):
        page.goto(path)
        shown = " ".join(page.locator("main").inner_text().split())
        with site.app.app_context():
            names = db.session.scalars(select(model.name)).all()
        missing = [name for name in names if " ".join(name.split()) not in shown]
        assert not missing, path
    page.context.close()


def test_texts_with_nul_are_refused_in_words(app: Flask) -> None:
    with app.app_context(), pytest.raises(Invalid) as refused, transaction():
        add_unit(PROGRAM, UnitData("N", "Dinas\x00Satu"), None, datetime.now(UTC))
    assert "NUL" in refused.value.detail
