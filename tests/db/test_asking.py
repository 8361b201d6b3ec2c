"""Questions asked of the driver are answered as the session would answer them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import bindparam, select

from policyforum.accounts.models import Account
from policyforum.db.asking import EXTENSION, Question
from policyforum.db.session import db, transaction
from tests.people import make_person

ACCOUNTS = select(Account.name, Account.created_at, Account.locale).where(
    Account.email == bindparam("email")
)
NENENG = {"email": "neneng@kota.example"}


@pytest.fixture
def question(app: Flask) -> Question:
    make_person(app, "neneng@kota.example", "staff", name="Neneng")
    return Question(ACCOUNTS)


def test_values_come_back_as_the_session_gives_them(app: Flask, question: Question) -> None:
    with app.app_context():
        row = question.row(NENENG)
        assert row == tuple(db.session.execute(ACCOUNTS, NENENG).one())
        assert row is not None
        assert row[1].tzinfo == UTC
        assert abs(datetime.now(UTC) - row[1]).total_seconds() < 3600
        assert question.rows({"email": "nobody@kota.example"}) == []


def test_a_transaction_under_way_sees_what_it_wrote(app: Flask, question: Question) -> None:
    with app.app_context():
        with transaction():
            account = db.session.scalars(select(Account)).one()
            account.name = "Neneng S."
            db.session.flush()
            row = question.row(NENENG)
            assert row is not None
            assert row[0] == "Neneng S."
        db.session.remove()
        assert (question.row(NENENG) or ("",))[0] == "Neneng S."


def test_it_goes_on_where_the_connection_broke(app: Flask, question: Question) -> None:
    with app.app_context():
        assert question.row(NENENG)
        app.extensions[EXTENSION].mine().driver_connection.close()
        assert (question.row(NENENG) or ("",))[0] == "Neneng"
        db.session.remove()
        assert (question.row(NENENG) or ("",))[0] == "Neneng"


def test_it_goes_on_where_the_engine_was_closed(app: Flask, question: Question) -> None:
    with app.app_context():
        line = app.extensions[EXTENSION].mine()
        db.engine.dispose()
        assert not line.is_valid
        assert question.row(NENENG)


def test_one_row_is_one(app: Flask, question: Question) -> None:
    make_person(app, "asep@kota.example", "staff")
    with app.app_context(), pytest.raises(LookupError):
        Question(select(Account.id)).row({})
