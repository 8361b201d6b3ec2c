"""Writers of a SQLite file wait in line for each other, across threads and processes.

SQLite itself makes a second writer sleep and look again, in longer and longer steps: some wait a
hundred times longer than others. Here they wait in the kernel, which wakes whoever is next.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from io import BufferedReader
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

LONGEST_WAIT = 10.0  # seconds, as SQLite's own busy timeout

Turn = Callable[[bool], AbstractContextManager[None]]
"""Gives a context in which it is this thread's turn to write; told whether it would wait."""


def turns_at(engine: Engine) -> Turn:
    """How writers of this database take turns; PostgreSQL sees to that itself."""
    file = engine.url.database
    if engine.dialect.name != "sqlite" or file in (None, "", ":memory:"):
        return lambda _waits: nullcontext()
    return WriterQueue(Path(str(file))).turn


class WriterQueue:
    """The line at one database file. Its locks lie in two empty files beside that.

    A lock ends with the process that holds it, however that ends. Whoever waits for `writer` holds
    `next` meanwhile: so a process that has just written can't go again before one that waits.
    """

    def __init__(self, database: Path) -> None:
        self._next = database.with_name(f"{database.name}-next")
        self._writer = database.with_name(f"{database.name}-writer")
        self._threads = threading.Lock()

    @contextmanager
    def turn(self, waits: bool) -> Iterator[None]:
        """Hold the right to write. Raises `OperationalError` when it can't be had in time.

        While a writer elsewhere hangs, one thread of a process waits for it, and no more. Who does
        not wait is told at once that somebody else is writing.
        """
        if not self._threads.acquire(timeout=LONGEST_WAIT if waits else 0):
            raise OperationalError("BEGIN", None, TimeoutError("other writers take too long"))
        try:
            with self._locked(fcntl.LOCK_EX if waits else fcntl.LOCK_EX | fcntl.LOCK_NB):
                yield
        finally:
            self._threads.release()

    def _locked(self, way: int) -> BufferedReader:
        """The file of the lock, locked until it is closed; raises `OperationalError`."""
        with ExitStack() as opened:
            try:
                writer = opened.enter_context(_opened(self._writer))
                with _opened(self._next) as following:
                    fcntl.flock(following, way)
                    fcntl.flock(writer, way)
            except OSError as error:
                raise OperationalError("BEGIN", None, error) from error
            opened.pop_all()
        return writer


def _opened(lock: Path) -> BufferedReader:
    """The file, made if it is not there; a lock asks for no right to write, whoever made it."""
    return open(lock, "rb", opener=_make)


def _make(path: str, _flags: int) -> int:
    return os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o666)
