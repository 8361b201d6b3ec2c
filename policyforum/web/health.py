"""What machines ask: is the process there, is it ready."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from policyforum import paths
from policyforum.db.session import db
from policyforum.web.access import everyone
from policyforum.web.clock import now

MOST_OFF = 5.0  # seconds


def register(app: Flask, mails_waiting: Callable[[], int]) -> None:
    """Answer machines; `mails_waiting` asks the database how many mails are not sent yet."""

    def readyz() -> tuple[Response, int]:
        return _readiness(mails_waiting)

    app.add_url_rule("/healthz", view_func=everyone(healthz))
    app.add_url_rule("/readyz", view_func=everyone(readyz))
    app.add_url_rule("/metrics", view_func=everyone(metrics))


def healthz() -> Response:
    return Response("ok\n", content_type="text/plain; charset=utf-8")


def metrics() -> Response:
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _readiness(mails_waiting: Callable[[], int]) -> tuple[Response, int]:
    """200 when the database answers, is migrated and agrees on the time, else 503."""
    try:
        waiting = mails_waiting()
        migrated = is_migrated()
        off = clock_difference()
    except SQLAlchemyError:
        db.session.rollback()
        return jsonify(database=False), 503
    ready = migrated and abs(off) <= MOST_OFF
    told = {
        "database": True,
        "migrated": migrated,
        "outbox_waiting": waiting,
        "clock_off": round(off),
    }
    return jsonify(told), 200 if ready else 503


def clock_difference() -> float:
    """By how many seconds this machine's clock is ahead of the database's.

    Deadlines are told by one clock, whichever machine answers: one that is off has to stay outside.
    """
    if db.engine.dialect.name == "sqlite":
        return 0.0
    theirs: datetime = db.session.execute(text("SELECT clock_timestamp()")).scalar_one()
    return (now() - theirs).total_seconds()


def is_migrated() -> bool:
    """Whether the database stands at the newest migration of this program."""
    return _stands_at() == set(ScriptDirectory(str(paths.MIGRATIONS)).get_heads())


def is_of_newer_program() -> bool:
    """Whether the database stands at a migration that this program does not have."""
    known = ScriptDirectory(str(paths.MIGRATIONS)).walk_revisions()
    return not _stands_at() <= {script.revision for script in known}


def _stands_at() -> set[str]:
    return set(MigrationContext.configure(db.session.connection()).get_current_heads())
