"""Many people speaking at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import select

from policyforum.commenting.authorship import withdraw_comment
from policyforum.commenting.models import Comment, Thread, Voice
from policyforum.commenting.opening import ThreadData
from policyforum.commenting.queries import activity
from policyforum.commenting.services import endorse, open_thread, reply
from policyforum.db.session import db, transaction
from tests.commenting.town import Town, now
from tests.counting import miscounted

PEOPLE = ("neneng", "asep", "siti", "dadan")
EACH = 5


def test_nothing_is_lost_or_counted_twice(app: Flask) -> None:
    town = Town(app)
    for name in PEOPLE:
        town.person(name, "staff")
    key = town.key("Pasal 1")
    with app.app_context(), transaction():
        policy = town.policy()
        assert policy.current_revision is not None
        data = ThreadData(None, "Pembuka.")
        open_thread(policy, policy.current_revision, town.actor("ratna"), data, now())

    def speak(name: str) -> None:
        for turn in range(EACH):
            with app.app_context():
                actor = town.actor(name)
                with transaction():
                    policy = town.policy()
                    assert policy.current_revision is not None
                    data = ThreadData(key, f"{name} {turn}")
                    thread = open_thread(policy, policy.current_revision, actor, data, now())
                    number = thread.number
                with transaction():
                    reply(town.thread(1), actor, f"{name} {turn}", None, now())
                with transaction():
                    endorse(town.thread(1), actor, ("support", "oppose")[turn % 2], now())
                if turn == 0:
                    with transaction():
                        withdraw_comment(_root(town.thread(number)), actor, now())

    with ThreadPoolExecutor(len(PEOPLE)) as pool:
        list(pool.map(speak, PEOPLE))
    with app.app_context():
        threads = list(db.session.scalars(select(Thread).order_by(Thread.number)))
        expected = len(PEOPLE) * EACH + 1
        assert [thread.number for thread in threads] == list(range(1, expected + 1))
        assert threads[0].comment_count == len(PEOPLE) * EACH + 1
        assert threads[0].support_count == len(PEOPLE)
        consultation = town.policy().current_round
        assert consultation is not None
        assert (consultation.threads, consultation.waiting) == (
            expected,
            expected - len(PEOPLE),
        )
        counts = activity(town.policy().current_revision_id or 0)
        assert sorted(counts.values()) == [(1, 21), (16, 16)]
        assert len(list(db.session.scalars(select(Voice)))) == len(PEOPLE) + 1
        assert miscounted() == []


def _root(thread: Thread) -> Comment:
    return db.session.scalars(select(Comment).where(Comment.thread_id == thread.id)).one()
