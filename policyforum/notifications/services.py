"""Telling people what concerns them: a line in the inbox, and a mail that leaves after commit.

For `wiring.py`: the listeners `tell_of_…`.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import insert, select, update

from config import Config
from policyforum.accounts.models import Account
from policyforum.audit.heads import head_over_all
from policyforum.audit.record import Event
from policyforum.commenting.replying import PostedReply
from policyforum.consolidation.models import FeedbackItem
from policyforum.db.base import table_of
from policyforum.db.session import db
from policyforum.decisions.models import Decision
from policyforum.notifications.models import Notification, OutboxMail
from policyforum.notifications.queries import (
    Reader,
    contributors_before,
    first_threads_by_author,
    may_be_told,
    readers_behind,
    told_of_decisions,
)
from policyforum.notifications.topics import DECIDED, DISPOSED, REPLY, REVISED, words_of
from policyforum.organisation.actor import Actor
from policyforum.policies.brief import AnyPolicy
from policyforum.policies.models import Policy, Revision
from policyforum.policies.permissions import may_oversee


@dataclass(frozen=True, slots=True)
class _News:
    """What one person is told; `path` is on this site. `seal`: a note to keep, mailed with it."""

    account: Reader | Account
    topic: str
    facts: dict[str, Any]
    path: str
    by_mail: bool = True
    in_inbox: bool = True
    seal: str = ""


def tell_of_reply(event: Event) -> None:
    """Listener of `comment.posted`: who opened the thread, and who is answered."""
    posted: PostedReply = event.row
    thread, speaker = posted.ready.thread, posted.ready.actor
    path = f"/threads/{thread.public_id}"
    facts = {"name": speaker.name, "number": thread.number, "policy": thread.policy.title}
    spoken = (thread.voice_id, posted.ready.parent.voice_id)
    # Who has not looked since the last mail about this thread gets no further one.
    _tell(
        thread.policy,
        [
            _News(reader, REPLY, facts, path, by_mail=not reader.has_unread)
            for reader in readers_behind(spoken, REPLY, path)
            if reader.id != speaker.account_id
        ],
        event.at,
    )


def tell_of_disposition(event: Event) -> None:
    """Listener of `feedback.disposed`: the authors of the item's threads."""
    item: FeedbackItem = event.row
    news = []
    for account, thread in first_threads_by_author(item):
        if account.is_active and account.public_id != event.actor_id:
            facts = {"number": thread.number, "outcome": item.outcome, "policy": item.policy.title}
            news.append(_News(account, DISPOSED, facts, f"/threads/{thread.public_id}"))
    _tell(item.policy, news, event.at)


def tell_of_revision(event: Event) -> None:
    """Listener of `revision.published`: who contributed to the revision before."""
    revision: Revision = event.row
    policy = db.session.get_one(Policy, revision.policy_id)
    facts = {"revision": revision.number, "policy": policy.title}
    path = f"/policies/{policy.slug}/revisions/{revision.number}"
    _tell(
        policy,
        [
            _News(account, REVISED, facts, path)
            for account in contributors_before(revision)
            if account.public_id != event.actor_id
        ],
        event.at,
    )


def hold_those_told_of_decision(event: Event) -> None:
    """Listener of `decision.made`, before the head of the record is held: in one order for all.

    Telling somebody holds their account; who changes an account holds it, and then wants the head.
    """
    decision: Decision = event.row
    revision = db.session.get_one(Revision, decision.revision_id)
    policy = db.session.get_one(Policy, revision.policy_id)
    ids = [account.id for account, _actor in told_of_decisions(policy, event.at)]
    db.session.execute(
        select(Account.id)
        .where(Account.id.in_(ids))
        .order_by(Account.id)
        .with_for_update(read=True, key_share=True)
    )


def tell_of_decision(event: Event) -> None:
    """Listener of `decision.made`: its drafters, and leaders, associations and auditors who see it.

    The mail carries the head of the record that speaks for the decision: in so many hands, and in
    those of who decided, it can't be taken back.
    """
    decision: Decision = event.row
    revision = db.session.get_one(Revision, decision.revision_id)
    policy = db.session.get_one(Policy, revision.policy_id)
    facts = {
        "revision": revision.number,
        "outcome": decision.outcome,
        "policy": policy.title,
    }
    head = head_over_all()
    seal = head.note if head else ""
    news = []
    for account, actor in told_of_decisions(policy, event.at):
        page = "/decision" if may_oversee(actor, policy) else ""
        own = account.public_id == event.actor_id
        path = f"/policies/{policy.slug}{page}"
        news.append(_News(account, DECIDED, facts, path, in_inbox=not own, seal=seal))
    _tell(policy, news, event.at)


def mark_read(notification: Notification, now: datetime) -> None:
    """Its reader has opened it."""
    if notification.read_at is None:
        notification.read_at = now


def mark_all_read(actor: Actor, now: datetime) -> None:
    """The whole inbox counts as read."""
    db.session.execute(
        update(Notification)
        .where(Notification.account_id == actor.account_id, Notification.read_at.is_(None))
        .values(read_at=now)
    )


def _tell(policy: AnyPolicy, news: Sequence[_News], now: datetime) -> None:
    """Tell those of them who may see the policy."""
    told = [item for item in news if may_be_told(item.account, policy, now)]
    lines = [
        {
            "account_id": item.account.id,
            "policy_id": policy.id,
            "topic": item.topic,
            "facts": item.facts,
            "path": item.path,
            "created_at": now,
        }
        for item in told
        if item.in_inbox
    ]
    mails = [{"policy_id": policy.id, **_mail(item, now)} for item in told if item.by_mail]
    if lines:
        db.session.connection().execute(_ADD_LINES, lines)
    if mails:
        db.session.connection().execute(_ADD_MAILS, mails)


def _mail(item: _News, now: datetime) -> dict[str, Any]:
    """A mail in its reader's language. It leads to the words and does not carry them."""
    config: Config = current_app.extensions["policyforum.config"]
    # A line of somebody's own would stand in the mail like one of ours.
    facts = {k: one_line(v) if isinstance(v, str) else v for k, v in item.facts.items()}
    with force_locale(item.account.locale or config.default_locale):
        sentence = words_of(item.topic, facts)
        subject = _(
            "%(sentence)s – %(policy)s", sentence=sentence.rstrip("."), policy=facts["policy"]
        )
        body = _(
            "Dear %(name)s,\n\n%(sentence)s\n%(policy)s\n\nRead it here:\n%(url)s\n\n"
            "You get this mail because you take part in this policy. Please do not reply to it.\n",
            name=one_line(item.account.name),
            sentence=sentence,
            policy=facts["policy"],
            url=config.base_url + item.path,
        )
        if item.seal:
            keep = _(
                "Keep this mail. The lines below seal the audit record: with them, anybody can "
                "show later whether something in it was changed. How: %(url)s",
                url=f"{config.base_url}/record",
            )
            body += f"\n{keep}\n\n{item.seal}"
    return {
        "message_id": f"<{secrets.token_urlsafe(18)}@{mail_host(config.base_url)}>",
        "account_id": item.account.id,
        "subject": one_line(subject),
        "body": body,
        "created_at": now,
        "not_before": now,
    }


def mail_host(base_url: str) -> str:
    """The name this site has in mail headers."""
    host = urlsplit(base_url).hostname or ""
    return host if any(letter.isalpha() for letter in host) and ":" not in host else "localhost"


def one_line(text: str) -> str:
    """The text fit for a header: control characters and line ends are blanks."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


_ADD_LINES = insert(table_of(Notification))
_ADD_MAILS = insert(table_of(OutboxMail))
