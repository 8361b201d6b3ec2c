"""How much one token may ask for, so that one program can't slow everybody down.

Counted here and not by an extension of the framework: that would look at every page as well, and a
page that is kept costs little more than the look.
"""

from __future__ import annotations

import time
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
from policyforum.organisation.identity import current_actor
from policyforum.web.problems import TooMany

MOST_WRITES = 1_200
MOST_READS = 6_000
"""In a minute."""

log = structlog.get_logger()


class Calls:
    """Counts calls within fixed minutes: in this process when the shared count does not answer."""

    def __init__(self, config: Config) -> None:
        shared = _shared(config.redis_url)
        self._own = FixedWindowRateLimiter(CountsInMemory())
        self._shared = FixedWindowRateLimiter(shared) if shared is not None else None

    def count(self, actor: Actor, environ: WSGIEnvironment) -> int:
        """Count one more call; → 0, or after how many seconds there may be another."""
        is_read = environ["REQUEST_METHOD"] in ("GET", "HEAD")
        most, kind = (MOST_READS, "reads") if is_read else (MOST_WRITES, "writes")
        who = (kind, actor.public_id or environ.get("REMOTE_ADDR", ""))
        if self._shared is not None:
            try:
                return _counted(self._shared, most, who)
            except StorageError as error:
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
        return cast(Storage, storage_from_string(url, wrap_exceptions=True))
    except ConfigurationError:
        message = "POLICYFORUM_REDIS_URL needs the Redis client: install policyforum[scale]"
        raise ConfigError(message) from None
