"""The servers that are measured, each with two worker processes on a free port."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.processes import cpu_seconds
from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[1]
WORKERS = 2
START_LIMIT = 60.0  # seconds

GUNICORN = "gunicorn sync"
OWN = "policyforum serve"


@dataclass(frozen=True, slots=True)
class Server:
    """`roots`: the process, and those that work for it, such as the database's."""

    name: str
    port: int
    roots: Sequence[int] = field(default=())

    def cpu_seconds(self) -> float:
        return cpu_seconds(self.roots)


@contextmanager
def yardstick() -> Iterator[Server]:
    """Flask's "hello" under gunicorn."""
    with _started("Y", _gunicorn("benchmarks.hello:application"), {}, "/") as server:
        yield server


@contextmanager
def application(
    kind: str, settings: Mapping[str, str], also: Sequence[int] = ()
) -> Iterator[Server]:
    """The product under `GUNICORN` or its `OWN` server. `also`: processes that work for it."""
    if kind == GUNICORN:
        command = _gunicorn("benchmarks.application:create()")
    else:
        serve = ["serve", "--host=127.0.0.1", f"--workers={WORKERS}", "--no-mail", "--port={port}"]
        command = [sys.executable, "-m", "policyforum", *serve]
    with _started(kind, command, settings, "/healthz", also) as server:
        yield server


def _gunicorn(target: str) -> list[str]:
    quiet = ["--log-level=error", "--bind=127.0.0.1:{port}"]
    return [sys.executable, "-m", "gunicorn", f"--workers={WORKERS}", *quiet, target]


@contextmanager
def _started(
    name: str,
    command: Sequence[str],
    settings: Mapping[str, str],
    path: str,
    also: Sequence[int] = (),
) -> Iterator[Server]:
    port = free_port()
    environment = {**os.environ, **settings, "POLICYFORUM_BASE_URL": f"http://127.0.0.1:{port}"}
    process = subprocess.Popen(
        [part.format(port=port) for part in command],
        cwd=ROOT,
        env=environment,
        start_new_session=True,
    )
    try:
        await_answer(port, path, process)
        yield Server(name, port, (process.pid, *also))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(START_LIMIT)


def await_answer(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers with success."""
    deadline = time.monotonic() + START_LIMIT
    while process.poll() is None and time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_LIMIT)
        try:
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.01)
        finally:
            connection.close()
    raise RuntimeError(f"the server did not start: {process.args!r}")
