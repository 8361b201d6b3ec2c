"""Reading units, associations, memberships and roles."""

from __future__ import annotations

from datetime import datetime

from policyforum.accounts.models import Account
from policyforum.organisation.actor import Actor


def actor_for(account: Account, now: datetime) -> Actor:
    """The person as permissions see them at `now`."""
    return Actor(account_id=account.id, public_id=account.public_id, name=account.name)
