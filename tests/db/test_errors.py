"""What a failing statement carried stays out of the error's words, and so out of the log."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from policyforum.db.session import db


def test_errors_do_not_repeat_what_was_written(app: Flask) -> None:
    with app.app_context(), pytest.raises(SQLAlchemyError) as caught:
        db.session.execute(text("INSERT INTO no_such_table VALUES (:words)"), {"words": "in trust"})
    assert "no_such_table" in str(caught.value)
    assert "in trust" not in str(caught.value)
