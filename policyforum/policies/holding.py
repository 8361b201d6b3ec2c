"""Holding a policy while something about it changes, and reading it as it then is.

It is locked first and read after that: a statement that had waited for the lock would show the
policy as it is now beside its round as it was before. Whoever holds it comes before whoever holds
a thread of it, and the record's head comes last: so nobody waits in a ring.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, bindparam, select

from policyforum.db.base import table_of
from policyforum.db.session import db
from policyforum.policies.brief import PolicyBrief
from policyforum.policies.briefing import brief_as_it_is
from policyforum.policies.models import Policy
from policyforum.policies.queries import where_it_stands


def lock_policy(policy_id: int) -> Policy:
    """The policy as it is now, held for writing until the transaction ends."""
    _wait_for(_LOCK, policy_id)
    return _as_it_is(policy_id)


def hold_policy(policy_id: int) -> Policy:
    """The policy as it is now, held so that nobody publishes or closes meanwhile."""
    _wait_for(_HOLD, policy_id)
    return _as_it_is(policy_id)


def locked_brief(policy_id: int) -> PolicyBrief:
    """As `lock_policy`, in brief."""
    _wait_for(_LOCK, policy_id)
    return brief_as_it_is(policy_id)


def held_brief(policy_id: int) -> PolicyBrief:
    """As `hold_policy`, in brief."""
    _wait_for(_HOLD, policy_id)
    return brief_as_it_is(policy_id)


def _wait_for(lock: Select[Any], policy_id: int) -> None:
    db.session.connection().execute(lock, {"policy_id": policy_id})


def _as_it_is(policy_id: int) -> Policy:
    """With its revision and round; whoever had read them before sees them as they are now, too."""
    return db.session.scalars(
        select(Policy)
        .where(Policy.id == policy_id)
        .options(*where_it_stands())
        .execution_options(populate_existing=True)
    ).one()


_policies = table_of(Policy)
_ONE = select(_policies.c.id).where(_policies.c.id == bindparam("policy_id"))
_LOCK = _ONE.with_for_update(key_share=True)  # who refers to the policy only need not wait
_HOLD = _ONE.with_for_update(read=True)
