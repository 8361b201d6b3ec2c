"""How far somebody has read a policy, so that they can ask what changed since."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.policies.models import Policy, Reading, Revision


def mark_read(policy: Policy, revision: Revision, actor: Actor) -> None:
    """Note that somebody has read a revision; an earlier one than they know changes nothing."""
    known = _reading(policy, actor)
    if known is None:
        account_id, number = actor.account_id, revision.number
        fresh = Reading(account_id=account_id, policy_id=policy.id, number=number)
        with suppress(IntegrityError), db.session.begin_nested():  # said twice at the same moment
            db.session.add(fresh)
    elif revision.number > known.number:
        known.before, known.number = known.number, revision.number
    db.session.flush()


def has_read(policy: Policy, revision: Revision, actor: Actor) -> bool:
    """Whether it is known already that this person has read this revision or a later one."""
    known = _reading(policy, actor)
    return known is not None and known.number >= revision.number


def read_before(policy: Policy, actor: Actor, number: int) -> int | None:
    """The newest revision before `number` that this person has read, as far as is known."""
    known = _reading(policy, actor)
    read = (known.number, known.before) if known else ()
    return max((one for one in read if one is not None and one < number), default=None)


def _reading(policy: Policy, actor: Actor) -> Reading | None:
    return db.session.scalars(
        select(Reading).where(
            Reading.account_id == actor.account_id, Reading.policy_id == policy.id
        )
    ).one_or_none()
