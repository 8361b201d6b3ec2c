"""The queue of those who want to write to SQLite: first come, first served.

SQLite itself lets writers look again and again, the later the longer they have waited, so that
under load somebody just arrived goes first and others wait for seconds. A lock on a file beside the
database makes them a queue that the kernel keeps, over all threads and processes; it ends with the
process that holds it.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from pysqlite3 import OperationalError as DriverError
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

LONGEST_WAIT = 10.0  # seconds
SUFFIX = "-queue"


@contextmanager
def turn_to_write(engine: Engine) -> Iterator[None]:
    """Wait for one's turn to write; on other engines than SQLite there is no queue.

    Raises `OperationalError` for whoever got the turn too late: then the one at the head could not
    write either, and all behind it need not try for as long one after the other.
    """
    if engine.dialect.name != "sqlite":
        yield
        return
    try:
        handle = os.open(f"{engine.url.database}{SUFFIX}", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:  # the disk is full, or can't be written to
        raise _refusal(str(error)) from None
    try:
        arrived = time.monotonic()
        fcntl.flock(handle, fcntl.LOCK_EX)
        if time.monotonic() - arrived > LONGEST_WAIT:
            raise _refusal("database is locked")
        yield
    finally:
        os.close(handle)


def _refusal(reason: str) -> OperationalError:
    """What SQLite itself would answer with."""
    return OperationalError("waiting to write", None, DriverError(reason))
