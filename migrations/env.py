"""How migrations are run: each upgrade as one transaction, on either engine."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app

from policyforum.accounts import models as accounts
from policyforum.audit import models as audit
from policyforum.commenting import models as commenting
from policyforum.consolidation import models as consolidation
from policyforum.db.base import CompressedText, UtcDateTime
from policyforum.db.engine import unwatched, writing
from policyforum.decisions import models as decisions
from policyforum.drafting import models as drafting
from policyforum.notifications import models as notifications
from policyforum.organisation import models as organisation
from policyforum.policies import models as policies
from policyforum.web import models as web

WITH_TABLES = (
    accounts,
    audit,
    commenting,
    consolidation,
    decisions,
    drafting,
    notifications,
    organisation,
    policies,
    web,
)

LOCK = 0x706F6C6963790001
"""Of PostgreSQL's advisory locks, the one that lets only one program migrate at a time."""


def run() -> None:
    migrate = current_app.extensions["migrate"]
    engine = migrate.db.engine
    with (
        engine.connect().execution_options(**writing(engine)) as connection,
        unwatched(connection),
    ):
        context.configure(
            connection=connection,
            target_metadata=migrate.db.metadata,
            render_item=plain_types,
            transactional_ddl=True,
            **migrate.configure_args,
        )
        with context.begin_transaction():
            is_sqlite = connection.dialect.name == "sqlite"
            if not is_sqlite:
                _wait_for_others(connection)
            context.run_migrations()
            if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise RuntimeError("the migration left rows that refer to nothing")


def _wait_for_others(connection: sa.Connection) -> None:
    """Another upgrade may take hours: it is waited for, however short our patience with writers."""
    connection.execute(sa.text("SET LOCAL lock_timeout = 0"))
    connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    connection.execute(sa.text("SET LOCAL lock_timeout TO DEFAULT"))


def plain_types(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our column types as what they are in the database: migrations outlive our code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, CompressedText):
        return "sa.LargeBinary()"
    return False


run()
