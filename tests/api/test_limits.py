"""Too many calls of one person are refused for a while; nobody else notices."""

from __future__ import annotations

import importlib.util
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from limits.errors import StorageError

from config import Config, ConfigError
from policyforum.api import limits
from policyforum.api.counting import CountsInMemory
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


class Clock:
    """Tells the time that has passed, as far as it is moved."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(limits, "monotonic", clock)
    return clock


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


class Away(CountsInMemory):
    """A shared count that does not answer."""

    asked = 0

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        self.asked += 1
        raise StorageError(TimeoutError(key, expiry, amount))


def test_a_count_that_does_not_answer_is_left_alone_for_a_while(
    config: Config, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    monkeypatch.setattr(limits, "MOST_WRITES", MOST)
    away = Away()
    monkeypatch.setattr(limits, "_shared", lambda _url: away)
    ratna = City(create_app(config)).program("ratna", "drafter")
    for _number in range(MOST):
        refused(ratna.put("/policies/none/draft", {}), 422)
    refused(ratna.put("/policies/none/draft", {}), 429)
    assert away.asked == 1
    clock.now += limits.ALONE_FOR
    told(ratna.get("/me"))
    assert away.asked == 2


def test_a_redis_that_never_answers_does_not_slow_everybody_down(
    config: Config, tmp_path: Path, clock: Clock
) -> None:
    if not importlib.util.find_spec("redis"):
        pytest.skip("the Redis client is not installed")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.setblocking(False)
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        app = create_app(make_config(config.database_url, tmp_path, POLICYFORUM_REDIS_URL=url))
        ratna = City(app).program("ratna", "drafter")
        for _passage in range(2):
            began = time.perf_counter()
            for _call in range(3):
                told(ratna.get("/me"))
            assert time.perf_counter() - began < 2
            silent.accept()
            with pytest.raises(BlockingIOError):  # nobody else came
                silent.accept()
            clock.now += limits.ALONE_FOR


def test_a_redis_that_cannot_be_used_is_named(config: Config, tmp_path: Path) -> None:
    if importlib.util.find_spec("redis"):
        pytest.skip("the Redis client is installed")
    for url in ("redis://127.0.0.1:1/0", "unix:///nowhere/redis.sock"):
        with pytest.raises(ConfigError, match="POLICYFORUM_REDIS_URL"):
            create_app(make_config(config.database_url, tmp_path, POLICYFORUM_REDIS_URL=url))
