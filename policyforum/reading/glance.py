"""What decides how a policy's page looks to a reader, in one query: the key it is kept under."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Integer, bindparam, or_, select

from policyforum.commenting.faces import Rights
from policyforum.commenting.models import Endorsement, Thread, Voice
from policyforum.commenting.permissions import rights_on
from policyforum.db.asking import Question
from policyforum.db.base import LARGEST_NUMBER
from policyforum.organisation.actor import Actor
from policyforum.policies.brief import PolicyBrief
from policyforum.policies.briefing import brief_question, read_brief
from policyforum.policies.kept import passing
from policyforum.policies.models import Policy, Reading, Revision
from policyforum.policies.permissions import may_audit, may_draft, may_oversee
from policyforum.reading.layout import know
from policyforum.reading.queries import Surroundings, unread_lines
from policyforum.web.problems import NotFound


@dataclass(frozen=True, slots=True)
class Glance:
    """As long as two glances are alike, so are the pages, apart from their holes.

    `today`, `round_state`: what passes with time. `menu`, `tabs`: which entries the reader gets.
    `is_read`: they said that they have read this revision or a later one.
    `person`: the reader's account, if there are contributions of theirs or stances to mark; None
    for all others, who share a page.
    """

    policy: PolicyBrief
    revision_id: int
    today: date
    round_state: str
    is_signed_in: bool
    menu: tuple[bool, ...]
    tabs: tuple[bool, ...]
    rights: Rights
    is_read: bool
    person: int | None


def glance_at(slug: str, number: int, actor: Actor, now: datetime) -> Glance:
    """How a revision of a policy stands for this reader; `NotFound` if not for them. One query."""
    if not 0 < number <= LARGEST_NUMBER:
        raise NotFound
    asked = {"slug": slug, "number": number, "account_id": actor.account_id or 0}
    policy, (revision_id, own, is_read, unread) = read_brief(_GLANCE, asked, actor)
    if revision_id is None:
        raise NotFound
    know(Surroundings(policy.agency, unread))
    return Glance(
        policy,
        revision_id,
        *passing(policy, now),
        is_signed_in=actor.is_signed_in,
        menu=(actor.has_role("drafter"), actor.has_role("admin")),
        tabs=(may_draft(actor, policy), may_oversee(actor, policy), may_audit(actor, policy)),
        rights=rights_on(policy, number, actor, now),
        is_read=bool(is_read),
        person=actor.account_id if own else None,
    )


def _glance() -> Question:
    policy = Policy.__table__.c
    account_id = bindparam("account_id", type_=Integer())
    number = bindparam("number", type_=Integer())
    shown = select(Revision.id).where(Revision.policy_id == policy.id, Revision.number == number)
    read = select(Reading.number).where(
        Reading.account_id == account_id, Reading.policy_id == policy.id, Reading.number >= number
    )
    # Plus nothing: asked of what the reader said, which is little, not of all that was said there.
    there = Thread.policy_id + 0 == policy.id
    by_reader = select(Voice.id).where(Voice.account_id == account_id, there)
    written = by_reader.join(Thread, Thread.voice_id == Voice.id)
    endorsed = by_reader.join(Endorsement, Endorsement.voice_id == Voice.id).join(
        Thread, Thread.id == Endorsement.thread_id
    )
    return brief_question(
        shown.scalar_subquery(),
        or_(written.exists(), endorsed.exists()),
        read.exists(),
        unread_lines().scalar_subquery(),
    )


_GLANCE = _glance()
