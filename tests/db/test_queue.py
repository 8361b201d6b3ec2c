"""Writers of a SQLite file take turns, across processes, and whatever happens to one of them."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from policyforum.db import queue
from policyforum.db.queue import WriterQueue

HOLD = """
import sys
from pathlib import Path
from policyforum.db.queue import WriterQueue
with WriterQueue(Path(sys.argv[1])).turn(True):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_turn_ends_with_the_process_that_was_killed(tmp_path: Path) -> None:
    database = tmp_path / "a.sqlite3"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with (tmp_path / "a.sqlite3-writer").open() as lock, pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        other.kill()
        with WriterQueue(database).turn(True):
            pass


def test_who_waits_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "LONGEST_WAIT", 0.01)
    line = WriterQueue(tmp_path / "a.sqlite3")
    with line.turn(True), pytest.raises(OperationalError), line.turn(True):
        pass
    with line.turn(True):
        pass


def test_who_will_not_wait_is_told_at_once(tmp_path: Path) -> None:
    line = WriterQueue(tmp_path / "a.sqlite3")
    with line.turn(True), pytest.raises(OperationalError), line.turn(False):
        pass
    other_process = WriterQueue(tmp_path / "a.sqlite3")
    with line.turn(True), pytest.raises(OperationalError), other_process.turn(False):
        pass


def test_a_folder_that_cannot_be_written_is_a_failing_database(tmp_path: Path) -> None:
    line = WriterQueue(tmp_path / "gone" / "a.sqlite3")
    for _time in range(2):
        with pytest.raises(OperationalError), line.turn(True):
            pass


def test_who_is_refused_leaves_no_file_open(tmp_path: Path) -> None:
    line = WriterQueue(tmp_path / "a.sqlite3")
    with line.turn(True):
        other_process = WriterQueue(tmp_path / "a.sqlite3")
        with pytest.raises(OperationalError) as refused, other_process.turn(False):
            pass
        assert _open_files(tmp_path).count("a.sqlite3-writer") == 1, refused
    assert _open_files(tmp_path) == []


def _open_files(folder: Path) -> list[str]:
    """The names of those this process has open in the folder."""
    held = (Path(os.path.realpath(link)) for link in Path("/proc/self/fd").iterdir())
    return [file.name for file in held if file.parent == folder.resolve()]
