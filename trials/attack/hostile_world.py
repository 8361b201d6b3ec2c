"""A consultation every text of which is hostile: names, titles, headings, comments, reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from flask import Flask
from sqlalchemy import select

from policyforum.accounts.models import Account
from policyforum.accounts.queries import account_by_email
from policyforum.accounts.services import AccountData, change_account
from policyforum.commenting.models import Comment, Thread
from policyforum.commenting.opening import ThreadData
from policyforum.commenting.services import open_thread, reply
from policyforum.consolidation.gathering import FeedbackData, gather
from policyforum.consolidation.models import FeedbackItem
from policyforum.consolidation.services import DispositionData, dispose
from policyforum.db.session import db, transaction
from policyforum.decisions.services import DecisionData, decide, recommend
from policyforum.drafting.queries import current_draft
from policyforum.drafting.services import PublishData, publish_draft, save_draft, start_policy
from policyforum.organisation.acting import actor_for
from policyforum.organisation.actor import PROGRAM, Actor
from policyforum.organisation.models import Association, Unit
from policyforum.organisation.services import (
    AssociationData,
    UnitData,
    add_association,
    add_unit,
)
from policyforum.policies.models import Policy, Revision, Round
from policyforum.policies.rounds import RoundData, change_round, open_round
from policyforum.policies.services import PolicyData
from tests.addresses import Samples
from tests.people import make_person

ROLES = ("admin", "drafter", "staff", "leader", "moderator", "auditor")


def fill(app: Flask, texts: Sequence[str]) -> Samples:
    """Put every text into every kind of field it fits; → what the addresses of pages need."""
    for role in ROLES:
        make_person(app, f"{role}@example.test", role)
    with app.app_context(), transaction():
        return _fill(texts)


def _fill(texts: Sequence[str]) -> Samples:
    now = datetime.now(UTC)
    lines = Lines(texts)
    for number, name in enumerate(islice(lines, 25)):
        add_unit(PROGRAM, UnitData(f"U{number}", name), None, now)
        add_association(PROGRAM, AssociationData(f"A{number}", name), now)
    for role in ROLES:
        account = account_by_email(f"{role}@example.test")
        assert account is not None
        change_account(account, "", AccountData(account.email, next(lines)), now)
    drafter, staff, leader = (_actor(role, now) for role in ("drafter", "staff", "leader"))
    data = PolicyData(next(lines), "generic", "public", summary=next(lines))
    begun = now - timedelta(minutes=1)  # what closes as it opens, nobody was heard in
    policy = start_policy(drafter, data, "", begun)
    headings = "\n\n".join(f"# {line}\n\n{text}" for line, text in zip(lines, texts, strict=False))
    before = _publish(policy, drafter, headings, next(lines), begun)
    threads = _discuss(policy, before, staff, texts, now)
    items = [
        _answered(policy, drafter, next(lines), threads[at : at + 40], texts[-1 - at], now)
        for at in range(0, len(threads), 40)
    ]
    recommend(policy, before, drafter, "\n\n".join(texts[:60]), now)
    change_round(db.session.get_one(Round, policy.current_round_id), drafter, now, now)
    decide(policy, before, leader, DecisionData("returned", "\n\n".join(texts[60:120]) or "x"), now)
    changed = headings.replace("a", "b", 50) + "\n\n# New\n\n" + "\n\n".join(texts[:50])
    after = _publish(policy, drafter, changed, next(lines), now)
    last = _discuss(policy, after, staff, texts[:40], now)
    return _samples(policy, after, last[0], items[0])


def _answered(
    policy: Policy, drafter: Actor, summary: str, threads: list[Thread], text: str, now: datetime
) -> FeedbackItem:
    entry = FeedbackData(1, summary, [thread.public_id for thread in threads])
    item = gather(policy, drafter, entry, now)
    dispose(item, drafter, DispositionData("partly", text, text), now)
    return item


class Lines:
    """One-line texts of at most 190 characters for plain fields, over and over."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._lines = [
            line for text in texts if (line := " ".join(text.split())) and len(line) <= 190
        ]
        self._at = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self._at += 1
        return self._lines[self._at % len(self._lines)]


def _actor(role: str, now: datetime) -> Actor:
    account = account_by_email(f"{role}@example.test")
    assert account is not None
    return actor_for(account, now)


def _publish(policy: Policy, drafter: Actor, source: str, note: str, now: datetime) -> Revision:
    save_draft(policy, drafter, source, current_draft(policy).version, now)
    version = current_draft(policy).version
    revision = publish_draft(policy, drafter, PublishData(note, version), now)
    data = RoundData(now - timedelta(hours=1), now + timedelta(days=7), "public")
    open_round(policy, revision, drafter, data, now)
    return revision


def _discuss(
    policy: Policy, revision: Revision, staff: Actor, texts: Sequence[str], now: datetime
) -> list[Thread]:
    threads = []
    for text in texts:
        data = ThreadData(None, text, kind="proposal", stance="oppose")
        thread = open_thread(policy, revision, staff, data, now)
        stored = db.session.scalars(select(Comment).where(Comment.thread_id == thread.id)).one()
        assert stored.body == text.strip() or stored.body == text, "the source is kept"
        threads.append(thread)
    for thread, text in zip(threads[:30], reversed(texts), strict=False):
        reply(thread, staff, text, None, now)
    return threads


def _samples(policy: Policy, revision: Revision, thread: Thread, item: FeedbackItem) -> Samples:
    first = db.session.scalars(select(Comment).where(Comment.thread_id == thread.id)).first()
    assert first is not None
    by_model: dict[type, Any] = {
        model: db.session.scalars(select(model).order_by(model.id)).first()
        for model in (Unit, Association, Account)
    }
    slug, number = policy.slug, revision.number
    return {
        "*": {"slug": slug, "number": number, "before": 1, "after": 2, "version": 2, "position": 1},
        "commenting": {"public_id": first.public_id},
        "commenting.place": {"public_id": thread.public_id},
        "commenting.plan": {"public_id": thread.public_id},
        "commenting.reply": {"public_id": thread.public_id},
        "reading.thread": {"public_id": thread.public_id},
        "consolidation": {"thread_id": thread.public_id, "item_id": item.public_id},
        "admin.unit": {"public_id": by_model[Unit].public_id},
        "admin.association": {"public_id": by_model[Association].public_id},
        "admin.person": {"public_id": by_model[Account].public_id},
    }
