"""What served its purpose is deleted by the loop, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from threading import Event, Thread
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from policyforum.accounts.models import LoginSession
from policyforum.accounts.queries import LONGEST, account_by_email
from policyforum.accounts.services import begin_session
from policyforum.db.session import db, transaction
from policyforum.notifications import pruning, worker
from policyforum.notifications.pruning import ANSWERS_KEPT, SESSIONS_KEPT, prune
from policyforum.web.models import Submission
from policyforum.web.once import once
from tests.commenting.town import now
from tests.people import make_person

DAY = timedelta(days=1)


def test_old_answers_and_sessions_go_and_the_rest_stays(app: Flask, monkeypatch: Any) -> None:
    monkeypatch.setattr(pruning, "BATCH", 3)
    make_person(app, "asep@kota.example", "staff")
    with app.app_context():
        for age in range(8, 0, -1):  # the oldest first, as life writes them
            _remember(ANSWERS_KEPT + (age - 4.5) * DAY)
            _sign_in(LONGEST + SESSIONS_KEPT + (age - 4.5) * DAY)
        assert prune(now()) == 4 + 4
        assert _counts() == (4, 4)
        oldest = db.session.scalar(select(func.min(Submission.at)))
        assert now() - oldest < ANSWERS_KEPT
        assert prune(now()) == 0


def test_the_loop_prunes(app: Flask) -> None:
    make_person(app, "asep@kota.example", "staff")
    with app.app_context():
        _remember(ANSWERS_KEPT + DAY)
    stop = Event()
    loop = Thread(target=worker.run, args=(app, stop))
    loop.start()
    try:
        with app.app_context():
            while _counts() != (0, 0):
                db.session.rollback()
                assert not stop.wait(0.01)
    finally:
        stop.set()
        loop.join(10)
    assert not loop.is_alive()


def _remember(age: timedelta) -> None:
    """An answer was kept that long ago."""
    once(1, f"key {age}", b"", now() - age, lambda: lambda: (200, "{}"))


def _sign_in(age: timedelta) -> None:
    account = account_by_email("asep@kota.example")
    assert account is not None
    with transaction():
        begin_session(account, "test", "127.0.0.1", now() - age)


def _counts() -> tuple[int, int]:
    answers, sessions = (
        db.session.scalar(select(func.count()).select_from(model)) or 0
        for model in (Submission, LoginSession)
    )
    return answers, sessions
