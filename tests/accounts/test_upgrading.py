"""Tokens that an earlier program left in force when it closed an account or reset its password."""

from __future__ import annotations

from datetime import UTC, datetime

import flask_migrate
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import update

from config import Config
from policyforum.accounts.models import Account, ApiToken
from policyforum.accounts.queries import account_by_email
from policyforum.accounts.services import (
    change_password,
    disable_account,
    enable_account,
    set_temporary_password,
)
from policyforum.cli import main
from policyforum.db.session import db, transaction
from tests.api.program import Program
from tests.people import make_person, make_token
from tests.servers import settings_of

TEMPORARY, OWN = "tangkuban perahu tertutup kabut", "gunung gede tampak dari sini"


def test_an_upgrade_ends_the_tokens_that_should_have_ended(app: Flask, config: Config) -> None:
    names = ("closed", "reopened", "reset", "settled", "careful", "untouched")
    tokens = {name: token(app, name) for name in names}
    with app.app_context(), transaction():
        for name in ("closed", "reopened"):
            disable_account(account(name), "", now())
        enable_account(account("reopened"), "", now())
        for name in ("reset", "settled"):
            set_temporary_password(account(name), "", TEMPORARY, now())
        for name in ("settled", "careful"):
            change_password(account(name), OWN, now())
    tokens["made by the operator afterwards"] = make_token(app, email("reset"))
    as_if_by_an_earlier_program(app)
    with app.app_context():
        flask_migrate.upgrade()
    with app.app_context(), transaction():
        enable_account(account("closed"), "", now())
    works = {name for name, secret in tokens.items() if opens(app, secret)}
    assert works == {"careful", "untouched", "made by the operator afterwards"}
    verified = CliRunner().invoke(main, ["audit", "verify"], env=settings_of(config))
    assert verified.exit_code == 0, verified.output


def as_if_by_an_earlier_program(app: Flask) -> None:
    with app.app_context():
        with transaction():
            db.session.execute(update(ApiToken).values(revoked_at=None))
        db.session.remove()  # it would go on seeing what is there now
        flask_migrate.downgrade(revision="0011")


def token(app: Flask, name: str) -> str:
    make_person(app, email(name), "staff")
    return make_token(app, email(name))


def opens(app: Flask, secret: str) -> bool:
    return Program(app, secret).get("/me").status_code == 200


def account(name: str) -> Account:
    found = account_by_email(email(name))
    assert found is not None
    return found


def email(name: str) -> str:
    return f"{name}@bandung.example"


def now() -> datetime:
    return datetime.now(UTC)
