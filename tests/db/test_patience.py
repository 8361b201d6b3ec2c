"""Nobody waits without end for a writer that hangs, and who only reads does not wait at all."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from policyforum.db import engine as engines
from tests.engines import ENGINES


def test_postgresql_ends_waiting_for_another_writer(
    database_url: str, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine == ENGINES[0]:
        pytest.skip("writers of SQLite stand in line: see test_queue.py")
    monkeypatch.setitem(engines.POSTGRESQL_PATIENCE, "lock_timeout", "20ms")
    opened = create_engine(database_url, **engines.engine_options(database_url))
    hold = text("SELECT seq FROM audit_head FOR UPDATE")
    writing = engines.writing(opened)
    with opened.connect().execution_options(**writing) as hanging:
        hanging.execute(text("LOCK TABLE audit_head"))
        with (
            opened.connect().execution_options(**writing) as waiting,
            pytest.raises(OperationalError, match="lock timeout"),
        ):
            waiting.execute(hold)
    opened.dispose()
