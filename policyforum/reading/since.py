"""What a reader knows of a policy already."""

from __future__ import annotations

from policyforum.commenting.own import newest_spoken_on
from policyforum.organisation.actor import Actor
from policyforum.policies.models import Policy
from policyforum.policies.reads import read_before


def last_read(policy: Policy, actor: Actor) -> int | None:
    """The newest revision before the current one that somebody has read; None: not known.

    Who has spoken on a revision has read it.
    """
    if policy.current_revision is None:
        return None
    newest = policy.current_revision.number
    known = (read_before(policy, actor, newest), newest_spoken_on(policy, actor, newest))
    return max((number for number in known if number is not None), default=None)
