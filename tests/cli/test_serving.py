"""The real server as a process: it starts, answers, and leaves nothing behind when it ends."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.servers import ServerProcess, free_port, run_policyforum, served

pytestmark = pytest.mark.one_engine

PATIENCE = 15.0  # seconds


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[ServerProcess]:
    with served(settings(database_url, tmp_path), tmp_path, workers=2) as server:
        yield server


def settings(database_url: str, folder: Path) -> dict[str, str]:
    return {
        "POLICYFORUM_ENV": "testing",
        "POLICYFORUM_DATABASE_URL": database_url,
        "POLICYFORUM_DATA_DIR": str(folder / "var"),
    }


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=1):
            return True
    except OSError:
        return False


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


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="workers are found on Linux")
def test_workers_that_die_soon_after_each_other_are_replaced(server: ServerProcess) -> None:
    for _time in range(4):
        killed = server.workers()
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        until = time.monotonic() + PATIENCE
        while not (answers(server.url) and set(killed).isdisjoint(server.workers())):
            assert server.process.poll() is None, server.log.read_text()
            assert time.monotonic() < until
            time.sleep(0.05)


def test_a_server_whose_workers_cannot_begin_gives_up(database_url: str, tmp_path: Path) -> None:
    script = "from policyforum import cli, server; server.load = None; cli.main()"
    arguments = ["serve", f"--port={free_port()}", "--workers=2"]
    ended = run_policyforum(
        settings(database_url, tmp_path), *arguments, command=(sys.executable, "-c", script)
    )
    assert ended.returncode == 1
    assert "'NoneType' object is not callable" in ended.stderr + ended.stdout
