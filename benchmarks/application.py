"""The real application for a WSGI server other than its own: `benchmarks.application:create()`."""

from __future__ import annotations

from wsgiref.types import WSGIApplication

from config import Config
from policyforum.server import load


def create() -> WSGIApplication:
    """As one worker of `policyforum serve` loads it, with the settings of the environment."""
    return load(Config.from_environment(), with_mail=False)
