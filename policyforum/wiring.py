"""Who hears of what: the one place where a lower package reaches a higher one.

A listener is called in the transaction of the event; a gate says what is missing before the next
revision of a policy may be published; WITNESSES say what the tables hold, when the record is
checked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from policyforum.accounts import witness as of_accounts
from policyforum.audit.heads import head_at_decision
from policyforum.audit.record import Listener
from policyforum.audit.witnesses import Witnesses, together
from policyforum.commenting import witness as of_comments
from policyforum.commenting.placing import place_threads
from policyforum.commenting.planning import place_as_planned
from policyforum.consolidation import witness as of_answers
from policyforum.consolidation.linking import link_changes
from policyforum.consolidation.settling import unsettled
from policyforum.decisions import witness as of_decisions
from policyforum.notifications.services import (
    hold_those_told_of_decision,
    tell_of_decision,
    tell_of_disposition,
    tell_of_reply,
    tell_of_revision,
)
from policyforum.organisation import witness as of_bodies
from policyforum.policies import witness as of_policies
from policyforum.policies.models import Policy

LISTENERS: Mapping[str, Sequence[Listener]] = {
    # In this order: what changed is told from where the threads stand.
    "revision.published": (place_threads, place_as_planned, link_changes, tell_of_revision),
    "comment.posted": (tell_of_reply,),
    "feedback.disposed": (tell_of_disposition,),
    # The mail carries the head.
    "decision.made": (hold_those_told_of_decision, head_at_decision, tell_of_decision),
}

PUBLICATION_GATES: Sequence[Callable[[Policy], list[dict[str, Any]]]] = (unsettled,)

WITNESSES: Witnesses = together(
    of_accounts.WITNESSES,
    of_bodies.WITNESSES,
    of_policies.WITNESSES,
    of_comments.WITNESSES,
    of_answers.WITNESSES,
    of_decisions.WITNESSES,
)
"""What is asked of the tables when the record is checked, by verb."""
