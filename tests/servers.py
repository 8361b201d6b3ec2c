"""Servers for tests: the application behind a real port, in a thread or as the real command."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from werkzeug.serving import make_server

from config import Config

START_LIMIT = 30.0  # seconds
COMMAND = (sys.executable, "-m", "policyforum")


def free_port() -> int:
    """A port of the loopback address that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def threaded_server(app: Flask, port: int) -> Iterator[str]:
    """Serve `app` from a thread of this process; gives the address."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class ServerProcess:
    """`policyforum serve` as a process group of its own, so that it can be killed whole."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def kill(self) -> None:
        """End every process of the server at once, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def workers(self) -> list[int]:
        """The process ids of the workers that live at the moment."""
        return children_of(self.process.pid)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(START_LIMIT)
            except subprocess.TimeoutExpired:
                self.kill()


@contextmanager
def served(
    settings: Mapping[str, str],
    folder: Path,
    *,
    workers: int = 1,
    command: Sequence[str] = COMMAND,
) -> Iterator[ServerProcess]:
    """Run `policyforum serve` with these `POLICYFORUM_*` settings; it is stopped at the end.

    The database must be migrated. `folder` keeps the server's log. `command`: another way to start
    the program, as under a tracer.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {**os.environ, **settings, "POLICYFORUM_BASE_URL": url}
    arguments = ["serve", "--host=127.0.0.1", f"--port={port}", f"--workers={workers}"]
    log = folder / "server.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*command, *arguments],
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    server = ServerProcess(url, process, log)
    try:
        _await_ready(server)
        yield server
    finally:
        server.stop()


def settings_of(config: Config) -> dict[str, str]:
    """The environment in which the command finds a test's database."""
    return {
        "POLICYFORUM_ENV": config.environment,
        "POLICYFORUM_DATABASE_URL": config.database_url,
        "POLICYFORUM_DATA_DIR": str(config.data_dir),
        "POLICYFORUM_SECRET_KEY": config.secret_key,
    }


def run_policyforum(
    settings: Mapping[str, str], *arguments: str, command: Sequence[str] = COMMAND
) -> subprocess.CompletedProcess[str]:
    """Run the command with these settings until it ends."""
    return subprocess.run(
        [*command, *arguments], env=settings, capture_output=True, text=True, timeout=600
    )


def children_of(pid: int) -> list[int]:
    """The process ids of the children of a process, as Linux tells them; none when it is gone."""
    try:
        return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def is_running(pid: int) -> bool:
    """Whether a process has not ended yet, as Linux tells it; one that only waits to be noticed
    has."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in ("Z", "X")


def _await_ready(server: ServerProcess) -> None:
    deadline = time.monotonic() + START_LIMIT
    while server.process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{server.url}/healthz", timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"the server did not start: {server.log.read_text()}")
