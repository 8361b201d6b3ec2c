"""What decides how a policy's page looks to a reader, in one query: the key it is kept under."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import g
from sqlalchemy import Integer, Select, bindparam, func, or_, select

from policyforum.audit.queries import newest_about
from policyforum.commenting.faces import Rights
from policyforum.commenting.models import Endorsement, Thread, Voice
from policyforum.commenting.permissions import rights_on
from policyforum.db.session import db
from policyforum.notifications.models import Notification
from policyforum.organisation.actor import Actor
from policyforum.organisation.models import Agency
from policyforum.policies.brief import brief_of, brief_query
from policyforum.policies.models import Policy, Revision
from policyforum.policies.permissions import may_audit, may_draft, may_oversee, may_see
from policyforum.reading.queries import Surroundings
from policyforum.web.clock import city_zone
from policyforum.web.problems import NotFound

LARGEST_NUMBER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Glance:
    """As long as two glances are alike, so are the pages, apart from their holes.

    `newest`: the last entry of the record about this policy. `today`, `round_state`: what passes
    with time. `menu`, `tabs`: which entries the reader gets. `person`: the reader's account, if
    there are contributions of theirs or stances to mark; None for all others.
    """

    policy_id: int
    revision_id: int
    newest: int
    today: date
    round_state: str
    unit_name: str
    agency: str
    is_signed_in: bool
    menu: tuple[bool, ...]
    tabs: tuple[bool, ...]
    rights: Rights
    person: int | None


def glance_at(slug: str, number: int, actor: Actor, now: datetime) -> Glance:
    """How a revision of a policy stands for this reader; `NotFound` if not for them. One query."""
    if "\x00" in slug or not 0 < number <= LARGEST_NUMBER:
        raise NotFound
    asked = {"slug": slug, "number": number, "account_id": actor.account_id or 0}
    row = db.session.connection().execute(_GLANCE, asked).one_or_none()
    if row is None:
        raise NotFound
    policy, (revision_id, newest, own, agency, unread) = brief_of(row)
    if revision_id is None or not may_see(actor, policy):
        raise NotFound
    g.surroundings = Surroundings(agency or "", unread)
    running = policy.current_round
    return Glance(
        policy_id=policy.id,
        revision_id=revision_id,
        newest=newest or 0,
        today=now.astimezone(city_zone()).date(),
        round_state=running.state(now) if running else "",
        unit_name=policy.unit_name,
        agency=agency or "",
        is_signed_in=actor.is_signed_in,
        menu=(actor.has_role("drafter"), actor.has_role("admin")),
        tabs=(may_draft(actor, policy), may_oversee(actor, policy), may_audit(actor, policy)),
        rights=rights_on(policy, number, actor, now),
        person=actor.account_id if own else None,
    )


def _glance() -> Select[*tuple[Any, ...]]:
    policy = Policy.__table__.c
    account_id = bindparam("account_id", type_=Integer())
    shown = select(Revision.id).where(
        Revision.policy_id == policy.id, Revision.number == bindparam("number")
    )
    mine = select(Voice.id).where(Voice.account_id == account_id)
    written = select(Thread.id).where(Thread.voice_id.in_(mine), Thread.policy_id == policy.id)
    endorsed = (
        select(Endorsement.id)
        .join(Thread, Thread.id == Endorsement.thread_id)
        .where(Endorsement.voice_id.in_(mine), Thread.policy_id == policy.id)
    )
    agency = select(Agency.name).order_by(Agency.id).limit(1)
    unread = select(func.count()).where(
        Notification.account_id == account_id, Notification.read_at.is_(None)
    )
    return brief_query(
        shown.scalar_subquery(),
        newest_about(policy.public_id),
        or_(written.exists(), endorsed.exists()),
        agency.scalar_subquery(),
        unread.scalar_subquery(),
    )


_GLANCE = _glance()
