"""Looking behind the pages that are kept."""

from __future__ import annotations

from flask import Flask

from policyforum.web.kept import MOST_ADDRESSES, ROOM, kept_by
from policyforum.web.store import Latest, Store


def forget_pages(app: Flask) -> None:
    """Let every page be put together anew, as in a process that has just started."""
    kept = kept_by(app)
    kept.store, kept.recipes = Store(ROOM), Latest(MOST_ADDRESSES)
