"""How much one token may ask for, so that one program can't slow everybody down.

Counted here and not by an extension of the framework: that would look at every page as well, and a
page that is kept costs little more than the look.
"""

from __future__ import annotations

import time
from time import monotonic
from typing import cast
from wsgiref.types import WSGIEnvironment

import structlog
from flask import Blueprint, Flask, request
from flask_babel import gettext as _
from limits import RateLimitItemPerMinute
from limits.errors import ConfigurationError, StorageError
from limits.storage import Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from config import Config, ConfigError
from policyforum.api.counting import CountsInMemory
from policyforum.organisation.actor import Actor
from policyforum.organisation.current import current_actor
from policyforum.web.problems import TooMany

MOST_WRITES = 1_200
MOST_READS = 6_000
"""In a minute."""

PATIENCE = 0.2
"""Seconds in which the shared count has to answer: every call waits for it."""
ALONE_FOR = 10.0
"""Seconds for which it is not asked again once it did not."""

log = structlog.get_logger()


class Calls:
    """Counts calls within fixed minutes: in this process when the shared count does not answer."""

    def __init__(self, config: Config) -> None:
        shared = _shared(config.redis_url)
        self._own = FixedWindowRateLimiter(CountsInMemory())
        self._shared = FixedWindowRateLimiter(shared) if shared is not None else None
        self._alone_until = 0.0

    def count(self, actor: Actor, environ: WSGIEnvironment) -> int:
        """Count one more call; → 0, or after how many seconds there may be another."""
        is_read = environ["REQUEST_METHOD"] in ("GET", "HEAD")
        most, kind = (MOST_READS, "reads") if is_read else (MOST_WRITES, "writes")
        who = (kind, actor.public_id or environ.get("REMOTE_ADDR", ""))
        if self._shared is not None and monotonic() >= self._alone_until:
            try:
                return _counted(self._shared, most, who)
            except StorageError as error:
                self._alone_until = monotonic() + ALONE_FOR
                log.warning("calls_counted_alone", reason=str(error))
        return _counted(self._own, most, who)


def register(app: Flask, blueprint: Blueprint, calls: Calls) -> None:
    """Count the calls of each person; several machines count together through Redis."""
    ours = f"{blueprint.name}."

    @app.before_request
    def count() -> None:
        if not (request.endpoint or "").startswith(ours):
            return
        seconds = calls.count(current_actor(), request.environ)
        if seconds:
            detail = _("Too many calls. Go on in %(seconds)s seconds.", seconds=seconds)
            raise TooMany(detail, seconds)


def _counted(counter: FixedWindowRateLimiter, most: int, who: tuple[str, ...]) -> int:
    limit = RateLimitItemPerMinute(most, namespace="policyforum")
    if counter.hit(limit, *who):
        return 0
    return max(1, int(counter.get_window_stats(limit, *who).reset_time - time.time()))


def _shared(redis_url: str | None) -> Storage | None:
    if redis_url is None:
        return None
    url = f"redis+{redis_url}" if redis_url.startswith("unix:") else redis_url
    try:
        shared = storage_from_string(
            url, wrap_exceptions=True, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
        )
        return cast(Storage, shared)
    except ConfigurationError:
        message = "POLICYFORUM_REDIS_URL needs the Redis client: install policyforum[scale]"
        raise ConfigError(message) from None
