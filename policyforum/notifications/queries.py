"""Reading an inbox, and who is to be told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import joinedload

from policyforum.accounts.models import Account
from policyforum.commenting.models import Thread, Voice
from policyforum.consolidation.models import FeedbackItem, FeedbackThread
from policyforum.db.base import table_of
from policyforum.db.session import db
from policyforum.notifications.models import Notification
from policyforum.organisation.acting import Someone, actor_for
from policyforum.organisation.actor import ANONYMOUS, Actor
from policyforum.organisation.models import RoleGrant
from policyforum.policies.brief import AnyPolicy
from policyforum.policies.models import Policy, Revision
from policyforum.policies.permissions import may_draft, may_see
from policyforum.web.paging import PAGE, Page, decode_cursor, page_of
from policyforum.web.problems import NotFound


class Reader(NamedTuple):
    """Whom something is told. `has_unread`: was told the same already and has not looked yet."""

    id: int
    public_id: str
    name: str
    locale: str | None
    has_unread: bool


def unread_count(account_id: int | None) -> int:
    """How many lines of the inbox were not read yet."""
    return db.session.scalars(
        select(func.count())
        .select_from(Notification)
        .where(Notification.account_id == account_id, Notification.read_at.is_(None))
    ).one()


def inbox_page(account_id: int | None, cursor: str = "") -> Page[Notification]:
    """The inbox, newest first, each line with its policy."""
    query = (
        select(Notification)
        .where(Notification.account_id == account_id)
        .options(joinedload(Notification.policy).joinedload(Policy.unit))
        .order_by(Notification.id.desc())
        .limit(PAGE + 1)
    )
    before = decode_cursor(cursor, (int,))
    if before is not None:
        query = query.where(Notification.id < before[0])
    return page_of(db.session.scalars(query).all(), PAGE, lambda row: [row.id])


def notification_by_id(public_id: str, account_id: int | None) -> Notification:
    """One line of somebody's own inbox, or `NotFound`."""
    found = None
    if "\x00" not in public_id:
        found = db.session.scalars(
            select(Notification).where(
                Notification.public_id == public_id, Notification.account_id == account_id
            )
        ).one_or_none()
    if found is None:
        raise NotFound
    return found


def may_be_told(someone: Someone, policy: AnyPolicy, now: datetime) -> bool:
    """Whether they may see the policy now. What everybody may see takes no query."""
    return may_see(ANONYMOUS, policy) or may_see(actor_for(someone, now), policy)


def readers_behind(voice_ids: tuple[int, int], topic: str, path: str) -> list[Reader]:
    """The active accounts behind two voices, each once."""
    first, second = voice_ids
    asked = {"first": first, "second": second, "topic": topic, "path": path}
    rows = db.session.connection().execute(_READERS, asked)
    return list({row.id: Reader(*row) for row in rows}.values())


def first_threads_by_author(item: FeedbackItem) -> list[tuple[Account, Thread]]:
    """Each author of an item's threads, with the first thread of theirs."""
    rows = db.session.execute(
        select(Account, Thread)
        .join(Voice, Voice.account_id == Account.id)
        .join(Thread, Thread.voice_id == Voice.id)
        .join(FeedbackThread, FeedbackThread.thread_id == Thread.id)
        .where(FeedbackThread.item_id == item.id, Thread.state.not_in(("withdrawn", "hidden")))
        .order_by(Thread.id.desc())
    )
    return list({account.id: (account, thread) for account, thread in rows}.values())


def contributors_before(revision: Revision) -> Sequence[Account]:
    """Who contributed to the revision before this one, and did not take it back."""
    return db.session.scalars(
        select(Account)
        .where(
            Account.disabled_at.is_(None),
            Account.id.in_(
                select(Voice.account_id)
                .join(Thread, Thread.voice_id == Voice.id)
                .join(Revision, Revision.id == Thread.revision_id)
                .where(
                    Thread.policy_id == revision.policy_id,
                    Revision.number == revision.number - 1,
                    Thread.state.not_in(("withdrawn", "hidden")),
                )
            ),
        )
        .order_by(Account.id)
    ).all()


def told_of_decisions(policy: Policy, now: datetime) -> list[tuple[Account, Actor]]:
    """Its drafters, and the leaders, representatives and auditors who may read it."""
    accounts = db.session.scalars(
        select(Account)
        .where(
            Account.disabled_at.is_(None),
            Account.id.in_(
                select(RoleGrant.account_id).where(
                    RoleGrant.role.in_(("drafter", "leader", "representative", "auditor")),
                    RoleGrant.starts_at <= now,
                    or_(RoleGrant.ends_at.is_(None), RoleGrant.ends_at > now),
                )
            ),
        )
        .order_by(Account.id)
    ).all()
    people = [(account, actor_for(account, now)) for account in accounts]
    return [(account, actor) for account, actor in people if _is_told(actor, policy)]


def _is_told(actor: Actor, policy: Policy) -> bool:
    if may_draft(actor, policy):
        return True
    listens = actor.has_role("leader", "representative", "auditor")
    return listens and may_see(actor, policy)


_accounts, _lines = table_of(Account), table_of(Notification)
_UNREAD = (
    select(_lines.c.id)
    .where(
        _lines.c.account_id == _accounts.c.id,
        _lines.c.read_at.is_(None),
        _lines.c.topic == bindparam("topic"),
        _lines.c.path == bindparam("path"),
    )
    .exists()
)
_READERS = (
    select(_accounts.c.id, _accounts.c.public_id, _accounts.c.name, _accounts.c.locale, _UNREAD)
    .join_from(_accounts, table_of(Voice))
    .where(
        table_of(Voice).c.id.in_([bindparam("first"), bindparam("second")]),
        _accounts.c.disabled_at.is_(None),
    )
    .order_by(_accounts.c.id)
)
