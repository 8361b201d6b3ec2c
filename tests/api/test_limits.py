"""Too many calls of one person are refused for a while; nobody else notices."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from config import Config, ConfigError
from policyforum.api import limits
from policyforum.app import create_app
from policyforum.db.session import db
from tests.api.program import City, refused, told
from tests.conftest import make_config

pytestmark = pytest.mark.one_engine

MOST = 20


@pytest.fixture
def app(config: Config, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    assert limits.MOST_WRITES >= 600
    monkeypatch.setattr(limits, "MOST_WRITES", MOST)
    app = create_app(config)
    yield app
    with app.app_context():
        db.engine.dispose()


def test_past_the_limit_one_is_told_when_to_go_on(city: City) -> None:
    ratna, asep = city.program("ratna", "drafter"), city.program("asep", "drafter")
    with time_machine.travel(datetime(2026, 11, 23, 8, 0, 1, tzinfo=UTC), tick=False):
        for _number in range(MOST):
            refused(ratna.put("/policies/none/draft", {}), 422)
        answer = ratna.post("/policies", {})
        refused(answer, 429)
        assert 1 <= int(answer.headers["Retry-After"]) <= 61
        assert told(ratna.get("/me"))["name"] == "Ratna"
        refused(asep.put("/policies/none/draft", {}), 422)
    with time_machine.travel(datetime(2026, 11, 23, 8, 1, 3, tzinfo=UTC), tick=False):
        refused(ratna.put("/policies/none/draft", {}), 422)


def test_a_redis_that_cannot_be_used_is_named(config: Config, tmp_path: Path) -> None:
    if importlib.util.find_spec("redis"):
        pytest.skip("the Redis client is installed")
    for url in ("redis://127.0.0.1:1/0", "unix:///nowhere/redis.sock"):
        with pytest.raises(ConfigError, match="POLICYFORUM_REDIS_URL"):
            create_app(make_config(config.database_url, tmp_path, POLICYFORUM_REDIS_URL=url))
