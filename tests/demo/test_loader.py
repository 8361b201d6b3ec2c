"""The demo, loaded: a consultation that hangs together, told through the services."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from policyforum.audit.verifying import verify_record
from policyforum.commenting.models import Comment, Thread, ThreadPosition
from policyforum.consolidation.models import ChangeLink
from policyforum.db.session import db, transaction
from policyforum.demo.loader import NotEmpty, load, logins, password
from policyforum.notifications.models import OutboxMail
from policyforum.policies.models import Policy, Revision, Round
from policyforum.policies.queries import status_of
from tests.counting import miscounted
from tests.people import Browser

NOW = datetime.now(UTC)


@pytest.fixture
def demo(app: Flask) -> Flask:
    with app.app_context(), transaction():
        load(NOW)
    return app


def count(model: type, *conditions: object) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def test_the_demo_is_whole(demo: Flask) -> None:
    with demo.app_context():
        check_the_record()
        with pytest.raises(NotEmpty), transaction():
            load(NOW)
    for login in logins():
        browser = Browser(demo)
        assert browser.sign_in(login.email, password()).status_code == 303, login
        assert browser.get("/").status_code == 200, login


def check_the_record() -> None:
    perwal = db.session.scalars(
        select(Policy).where(Policy.slug == "manajemen-kepegawaian-asn")
    ).one()
    assert count(Revision, Revision.policy_id == perwal.id) == 3
    assert count(Comment) >= 120
    assert status_of(perwal, NOW) == "consulting"

    first, second, third = db.session.scalars(
        select(Round).where(Round.policy_id == perwal.id).order_by(Round.number)
    )
    assert (first.state(NOW), second.state(NOW), third.state(NOW)) == (
        "concluded",
        "concluded",
        "open",
    )
    assert first.waiting == second.waiting == 0
    assert third.waiting > 0

    unanswered = count(
        Thread,
        Thread.policy_id == perwal.id,
        Thread.round_id.in_((first.id, second.id)),
        Thread.settled_at.is_(None),
    )
    assert unanswered == 0
    placed = count(ThreadPosition, ThreadPosition.revision_id == perwal.current_revision_id)
    assert placed == count(Thread, Thread.policy_id == perwal.id)
    assert count(ChangeLink) > 40
    assert count(OutboxMail, OutboxMail.done_at.is_(None)) == 0
    assert verify_record().broken_seq is None
    assert miscounted() == []
