"""What machines ask: is the process there, is it ready."""

from __future__ import annotations

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from policyforum import paths
from policyforum.db.session import db
from policyforum.web.access import everyone


def register(app: Flask) -> None:
    app.add_url_rule("/healthz", view_func=everyone(healthz))
    app.add_url_rule("/readyz", view_func=everyone(readyz))
    app.add_url_rule("/metrics", view_func=everyone(metrics))


def healthz() -> Response:
    return Response("ok\n", content_type="text/plain; charset=utf-8")


def readyz() -> tuple[Response, int]:
    """200 when the database answers and is migrated, else 503."""
    try:
        lag = db.session.execute(
            text("SELECT count(*) FROM outbox_mails WHERE done_at IS NULL")
        ).scalar_one()
        migrated = is_migrated()
    except SQLAlchemyError:
        db.session.rollback()
        return jsonify(database=False), 503
    return jsonify(database=True, migrated=migrated, outbox_waiting=lag), 200 if migrated else 503


def metrics() -> Response:
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def is_migrated() -> bool:
    """Whether the database stands at the newest migration of this program."""
    return _stands_at() == set(ScriptDirectory(str(paths.MIGRATIONS)).get_heads())


def is_of_newer_program() -> bool:
    """Whether the database stands at a migration that this program does not have."""
    known = ScriptDirectory(str(paths.MIGRATIONS)).walk_revisions()
    return not _stands_at() <= {script.revision for script in known}


def _stands_at() -> set[str]:
    return set(MigrationContext.configure(db.session.connection()).get_current_heads())
