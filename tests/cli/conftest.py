"""The command as an operator runs it, in this process, on a database of the test's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from policyforum.cli import main

Command = Callable[..., Result]


def command_for(database_url: str, folder: Path) -> Command:
    """`command("db", "check")` → its result; `typed` goes to standard input."""
    settings = {
        "POLICYFORUM_ENV": "testing",
        "POLICYFORUM_DATABASE_URL": database_url,
        "POLICYFORUM_DATA_DIR": str(folder / "var"),
        "POLICYFORUM_BASE_URL": "http://localhost",
        "POLICYFORUM_SECRET_KEY": "only-for-tests-and-known-to-everyone",
    }

    def command(*arguments: str, typed: str = "", **more: str) -> Result:
        return CliRunner().invoke(main, arguments, input=typed, env={**settings, **more})

    return command


@pytest.fixture
def command(database_url: str, tmp_path: Path) -> Command:
    return command_for(database_url, tmp_path)


def refusal(result: Result) -> str:
    """The one line of a refused command."""
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    return line
