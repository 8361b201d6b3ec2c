"""Questions asked of the driver are answered as the session would answer them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import bindparam, select
from sqlalchemy.exc import OperationalError

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
    own = app.extensions[EXTENSION]
    with app.app_context():
        assert question.row(NENENG)
        broken = own.take()
        broken.connection.driver_connection.close()
        own.give_back(broken)
        assert (question.row(NENENG) or ("",))[0] == "Neneng"
        db.session.remove()
        assert (question.row(NENENG) or ("",))[0] == "Neneng"


def test_it_goes_on_where_the_engine_was_closed(app: Flask, question: Question) -> None:
    with app.app_context():
        assert question.row(NENENG)
        for _time in range(2):
            db.engine.dispose()
            assert not app.extensions[EXTENSION]._free
        assert question.row(NENENG)


def test_those_who_ask_at_once_have_connections_of_their_own(app: Flask) -> None:
    own = app.extensions[EXTENSION]
    with app.app_context():
        taken = [own.take() for _number in range(4)]
        assert len({id(connection) for connection in taken}) == 4
        for connection in taken:
            own.give_back(connection)
        assert own.take() in taken


def test_where_there_is_no_database_it_is_told_as_everywhere(
    app: Flask, question: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = app.extensions[EXTENSION]

    def refuse() -> None:
        raise OperationalError("", None, Exception("no route"))

    with app.app_context():
        own.close_all()
        monkeypatch.setattr(own._engine, "connect", refuse)
        with pytest.raises(OperationalError):
            question.row(NENENG)


def test_one_row_is_one(app: Flask, question: Question) -> None:
    make_person(app, "asep@kota.example", "staff")
    with app.app_context(), pytest.raises(LookupError):
        Question(select(Account.id)).row({})
