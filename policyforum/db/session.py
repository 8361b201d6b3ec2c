"""The database session and the one way to write: `transaction()`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app
from flask_sqlalchemy import SQLAlchemy

from policyforum.db.base import Base
from policyforum.db.engine import writing
from policyforum.db.queue import Turn

UNDER_WAY = "policyforum_transaction"

db = SQLAlchemy(model_class=Base, disable_autonaming=True)


@contextmanager
def transaction(*, waits: bool = True) -> Iterator[None]:
    """Run one service call as one transaction: all of it is kept, or nothing.

    A read that was under way is ended first, so that what the service checks is what is there
    when it writes. On SQLite writers take turns, and the writer's lock is taken at the start
    (`BEGIN IMMEDIATE`); who does not wait for a turn gets `OperationalError` if others write.
    Only migrations and restoring, which write tables whole, have transactions of their own.
    """
    session = db.session()
    if session.info.get(UNDER_WAY):
        raise RuntimeError("a transaction within a transaction would undo what it stands in")
    session.rollback()
    turn: Turn = current_app.extensions["policyforum.turn"]
    with turn(waits):
        session.info[UNDER_WAY] = True
        try:
            session.connection(execution_options=writing(db.engine))
            yield
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            del session.info[UNDER_WAY]


def lock_row(row: Base) -> None:
    """Hold a row for writing until the transaction ends, and read it as it then is.

    Whoever waited for it would otherwise decide, and put on record, what was true before. Who only
    refers to the row need not wait. What hangs on it is to be read after that.
    """
    db.session.flush()  # reading anew drops what was set and not written
    db.session.refresh(row, with_for_update={"key_share": True})
