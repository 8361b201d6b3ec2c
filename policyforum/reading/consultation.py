"""How a revision's consultation stands, as the strip above the text says it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from policyforum.policies.models import Policy, Revision, Round
from policyforum.web.clock import in_city


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds for a revision now.

    `state`: scheduled, open, closed, concluded, none (no round), older (not the current
    revision), approved, returned, withdrawn. `days`: calendar days left of an open round;
    `passed`, `total`: its days.
    """

    state: str
    consultation: Round | None
    days: int | None = None
    passed: int = 0
    total: int = 0


def standing_of(
    policy: Policy, revision: Revision, consultation: Round | None, now: datetime
) -> Standing:
    """How it stands with this revision of the policy."""
    if policy.withdrawn_at is not None:
        return Standing("withdrawn", consultation)
    if policy.current_revision_id != revision.id:
        return Standing("older", consultation)
    if policy.decision_outcome is not None:
        return Standing(policy.decision_outcome, consultation)
    if consultation is None:
        return Standing("none", None)
    state = consultation.state(now)
    if state != "open":
        return Standing(state, consultation)
    today, first, last = (
        in_city(at).date() for at in (now, consultation.opens_at, consultation.closes_at)
    )
    total = (last - first).days + 1
    days = (last - today).days
    return Standing("open", consultation, days, total - days, total)
