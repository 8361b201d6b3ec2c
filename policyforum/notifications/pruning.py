"""What served its purpose is deleted: answers kept for retries, and sign-ins that ended long ago.

Little by little: rows come in the order of time, so a look at the oldest few tells what is due, and
nobody who writes waits long.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import InstrumentedAttribute

from policyforum.accounts.models import LoginSession
from policyforum.db.session import db, transaction
from policyforum.web.models import Submission

ANSWERS_KEPT = timedelta(days=7)
"""How long the same key gets the same answer."""
SESSIONS_KEPT = timedelta(days=30)
"""How long a session is kept after the last moment it could have been used."""
BATCH = 200

Kept = Submission | LoginSession


def prune(now: datetime) -> int:
    """Delete what is due; → how many rows. Opens transactions of its own, one for each batch."""
    return _prune(Submission, Submission.at, now - ANSWERS_KEPT) + _prune(
        LoginSession, LoginSession.ends_at, now - SESSIONS_KEPT
    )


def _prune(
    model: type[Kept],
    column: InstrumentedAttribute[datetime],
    before: datetime,
) -> int:
    deleted = 0
    while ids := _oldest(model, column, before):
        with transaction():
            db.session.execute(delete(model).where(model.id.in_(ids)))
        deleted += len(ids)
    return deleted


def _oldest(
    model: type[Kept],
    column: InstrumentedAttribute[datetime],
    before: datetime,
) -> list[int]:
    rows = db.session.execute(select(model.id, column).order_by(model.id).limit(BATCH)).all()
    db.session.rollback()
    return [row_id for row_id, at in rows if at < before]
