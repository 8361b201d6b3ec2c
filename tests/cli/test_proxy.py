"""Behind a proxy on the same machine, callers are told apart by the address the proxy names."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import Client

from config import Config
from policyforum.accounts.attempts import claim_attempt
from policyforum.accounts.models import SignInAttempt
from policyforum.db.session import db, transaction
from policyforum.server import load

CALLER, PROXY, STRANGER = "203.0.113.7", "127.0.0.1", "198.51.100.9"


@pytest.mark.parametrize(
    "connected, counted", [(PROXY, CALLER), (STRANGER, STRANGER)], ids=["proxy", "stranger"]
)
def test_wrong_passwords_count_for_the_caller(
    app: Flask, config: Config, connected: str, counted: str
) -> None:
    client = Client(load(config, with_mail=False))
    page = client.get("/sign-in", base_url=config.base_url).get_data(as_text=True)
    token = page.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    client.post(
        "/sign-in",
        base_url=config.base_url,
        data={"email": "nobody@bandung.example", "password": "wrong", "csrf_token": token},
        headers={"X-Forwarded-For": CALLER},
        environ_overrides={"REMOTE_ADDR": connected},
    )
    with app.app_context():
        seen = db.session.scalars(select(SignInAttempt.address)).all()
        with transaction():
            claim_attempt("other@bandung.example", counted, None, datetime.now(UTC))
        same = db.session.scalars(select(SignInAttempt.address)).all()
    assert len(seen) == 1
    assert set(same) == set(seen)
