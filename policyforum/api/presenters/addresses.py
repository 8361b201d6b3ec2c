"""Addresses of the pages for people."""

from __future__ import annotations

from flask import current_app


def page_url(path: str) -> str:
    """The whole address of a page, as others reach us."""
    return str(current_app.extensions["policyforum.config"].base_url) + path
