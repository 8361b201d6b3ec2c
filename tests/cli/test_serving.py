"""The real server as a process: it starts, answers, and leaves nothing behind when it ends."""

from __future__ import annotations

import os
import signal
import socket
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.servers import ServerProcess, served

pytestmark = pytest.mark.one_engine

PATIENCE = 15.0  # seconds


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[ServerProcess]:
    settings = {
        "POLICYFORUM_ENV": "testing",
        "POLICYFORUM_DATABASE_URL": database_url,
        "POLICYFORUM_DATA_DIR": str(tmp_path / "var"),
    }
    with served(settings, tmp_path, workers=2) as server:
        yield server


def listens(url: str) -> bool:
    parts = urlsplit(url)
    with socket.socket() as probe:
        return probe.connect_ex((str(parts.hostname), int(parts.port or 0))) == 0


def test_is_ready_once_the_database_is_there(server: ServerProcess) -> None:
    with urllib.request.urlopen(f"{server.url}/readyz", timeout=PATIENCE) as answer:
        assert answer.status == 200


def test_stops_in_order_when_told(server: ServerProcess) -> None:
    server.process.terminate()
    assert server.process.wait(PATIENCE) == 0
    assert not listens(server.url)


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="only Linux sees to this")
def test_its_workers_end_with_it_when_it_is_killed(server: ServerProcess) -> None:
    assert listens(server.url)
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait(PATIENCE)
    until = time.monotonic() + PATIENCE
    while listens(server.url) and time.monotonic() < until:
        pass
    assert not listens(server.url)
