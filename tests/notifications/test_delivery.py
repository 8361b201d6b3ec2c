"""Mail leaves the outbox through a real SMTP server: at once, after an outage, after a crash."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from policyforum.db.session import db
from policyforum.notifications import delivery, worker
from policyforum.notifications.delivery import deliver_mails
from policyforum.notifications.models import OutboxMail
from tests.commenting.town import Town, now
from tests.conftest import make_config
from trials.record.post import Post


@pytest.fixture
def post() -> Iterator[Post]:
    post = Post()
    yield post
    post.stop()


@pytest.fixture
def waiting(app: Flask) -> Town:
    """A town in which one mail waits in the outbox."""
    town = Town(app)
    neneng = town.person("neneng", "staff")
    town.contribute(neneng, "Pasal 1", "Bagaimana?")
    town.reply(town.drafter, "Begini.")
    return town


def outbox() -> OutboxMail:
    db.session.expire_all()
    return db.session.scalars(select(OutboxMail)).one()


def test_a_mail_is_delivered_once(waiting: Town, post: Post) -> None:
    post.start()
    with waiting.app.app_context():
        assert deliver_mails(now(), post.url) == 1
        assert deliver_mails(now(), post.url) == 0
        mail = outbox()
        assert mail.done_at is not None
        (message,) = post.received
        assert message["Message-ID"] == mail.message_id
        assert message["To"] == "Neneng <neneng@kota.example>"
        assert message["From"] == "policyforum <policyforum@localhost>"
        assert "replied on contribution no. 1" in message["Subject"]
        assert waiting.thread_id() in message.get_content()


def test_mail_waits_while_the_server_is_down(waiting: Town, post: Post) -> None:
    with waiting.app.app_context():
        start = now()
        for attempt, wait in ((1, 15), (2, 30), (3, 60)):
            moment = outbox().not_before + timedelta(seconds=1) if attempt > 1 else start
            assert deliver_mails(moment, post.url) == 1
            mail = outbox()
            assert mail.done_at is None
            assert mail.attempts == attempt
            assert mail.not_before == moment + timedelta(seconds=wait)
            assert deliver_mails(moment, post.url) == 0
            assert "refused" in mail.error.lower()
        post.start()
        assert deliver_mails(outbox().not_before, post.url) == 1
        assert outbox().done_at is not None
        assert outbox().error == ""
    assert len(post.received) == 1


def test_a_crash_between_sending_and_marking_repeats_with_the_same_message_id(
    waiting: Town, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.start()
    with waiting.app.app_context():
        with monkeypatch.context() as broken:
            broken.setattr(delivery, "_mark_done", _die)
            with pytest.raises(SystemExit):
                deliver_mails(now(), post.url)
        assert outbox().done_at is None
        assert deliver_mails(now(), post.url) == 0  # still claimed by the one that died
        assert deliver_mails(now() + delivery.LEASE + timedelta(seconds=1), post.url) == 1
        assert outbox().done_at is not None
    first, second = post.received
    assert first["Message-ID"] == second["Message-ID"]


def test_a_refusal_of_one_mail_does_not_hold_up_others(waiting: Town, post: Post) -> None:
    post.start()
    post.refusal = "451 later"
    with waiting.app.app_context():
        deliver_mails(now(), post.url)
        assert outbox().done_at is None
        assert "451" in outbox().error
        post.refusal = "554 never"
        deliver_mails(outbox().not_before, post.url)
        mail = outbox()
        assert mail.done_at is not None
        assert "554" in mail.error
    assert post.received == []


def test_the_loop_delivers_and_stops(waiting: Town, post: Post, monkeypatch: Any) -> None:
    post.start()
    monkeypatch.setattr(worker, "PAUSE", 0.01)
    with waiting.app.app_context():
        url = str(db.engine.url.render_as_string(hide_password=False))
    app = waiting.app
    data_dir = app.extensions["policyforum.config"].data_dir
    app.extensions["policyforum.config"] = make_config(url, data_dir, POLICYFORUM_SMTP_URL=post.url)
    stop = Event()
    loop = Thread(target=worker.run, args=(app, stop))
    loop.start()
    try:
        with app.app_context():
            while outbox().done_at is None:
                db.session.rollback()
                assert not stop.wait(0.01)
    finally:
        stop.set()
        loop.join(10)
    assert not loop.is_alive()
    assert len(post.received) == 1


def test_without_a_mail_server_mail_stays_and_the_loop_ends_when_told(waiting: Town) -> None:
    stop = Event()
    loop = Thread(target=worker.run, args=(waiting.app, stop))
    loop.start()
    stop.set()
    loop.join(10)
    assert not loop.is_alive()
    with waiting.app.app_context():
        mail = outbox()
        assert (mail.done_at, mail.attempts, mail.claimed_until) == (None, 0, None)


def _die(*_arguments: object) -> None:
    raise SystemExit
