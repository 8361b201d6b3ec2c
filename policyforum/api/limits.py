"""How much one token may ask for, so that one program can't slow everybody down."""

from __future__ import annotations

import time

from flask import Blueprint, Flask, request
from flask_babel import gettext as _
from flask_limiter import Limiter, RateLimitExceeded
from limits.errors import ConfigurationError
from werkzeug.wrappers import Response

from config import Config, ConfigError
from policyforum.api.counting import CountsInMemory
from policyforum.organisation.identity import current_actor
from policyforum.web.errors import error_answer, title_of

MOST_WRITES = 1_200
MOST_READS = 6_000
"""In a minute."""

TOO_MANY_REQUESTS = 429


def register(app: Flask, blueprint: Blueprint, config: Config) -> None:
    """Count the calls of each person; several machines count together through Redis."""
    limiter = Limiter(
        _who_asks,
        storage_uri=_storage(config.redis_url),
        in_memory_fallback_enabled=config.redis_url is not None,
        strategy="fixed-window",
        key_prefix="policyforum",
    )
    limiter.shared_limit(
        f"{MOST_WRITES} per minute", "writes", methods=["POST", "PUT", "PATCH", "DELETE"]
    )(blueprint)
    limiter.shared_limit(f"{MOST_READS} per minute", "reads", methods=["GET"])(blueprint)
    try:
        limiter.init_app(app)
    except ConfigurationError:
        message = "POLICYFORUM_REDIS_URL needs the Redis client: install policyforum[scale]"
        raise ConfigError(message) from None

    @app.errorhandler(RateLimitExceeded)
    def refuse(_error: RateLimitExceeded) -> Response:
        limit = limiter.current_limit
        seconds = max(1, limit.reset_at - int(time.time())) if limit else 60
        detail = _("Too many calls. Go on in %(seconds)s seconds.", seconds=seconds)
        answer = error_answer(TOO_MANY_REQUESTS, title_of(TOO_MANY_REQUESTS), detail, {})
        answer.headers["Retry-After"] = str(seconds)
        return answer


def _storage(redis_url: str | None) -> str:
    if redis_url is None:
        return f"{CountsInMemory.STORAGE_SCHEME[0]}://"
    return f"redis+{redis_url}" if redis_url.startswith("unix:") else redis_url


def _who_asks() -> str:
    return current_actor().public_id or request.remote_addr or ""
