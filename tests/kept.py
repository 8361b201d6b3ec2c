"""Looking behind the pages that are kept."""

from __future__ import annotations

from flask import Flask

from policyforum.web.kept import EXTENSION, ROOM, Store


def forget_pages(app: Flask) -> None:
    """Let every page be put together anew, as in a process that has just started."""
    app.extensions[EXTENSION].store = Store(ROOM)
