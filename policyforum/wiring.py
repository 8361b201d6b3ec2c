"""Who hears of what: the one place where a lower package reaches a higher one.

A listener is called in the transaction of the event; a gate says what is missing before the next
revision of a policy may be published.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from policyforum.audit.record import Listener
from policyforum.commenting.placing import place_threads
from policyforum.consolidation.linking import link_changes
from policyforum.consolidation.settling import unsettled
from policyforum.notifications.services import (
    tell_of_decision,
    tell_of_disposition,
    tell_of_reply,
    tell_of_revision,
)
from policyforum.policies.models import Policy

LISTENERS: Mapping[str, Sequence[Listener]] = {
    # In this order: what changed is told from where the threads stand.
    "revision.published": (place_threads, link_changes, tell_of_revision),
    "comment.posted": (tell_of_reply,),
    "feedback.disposed": (tell_of_disposition,),
    "decision.made": (tell_of_decision,),
}

PUBLICATION_GATES: Sequence[Callable[[Policy], list[dict[str, Any]]]] = (unsettled,)
