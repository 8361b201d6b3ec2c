"""A policy in brief: what decides who may do what on a page, without its texts. Plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from policyforum.policies.models import Policy, Round, round_state


@dataclass(frozen=True, slots=True)
class RevisionBrief:
    """A revision that is known by row id and number."""

    id: int
    number: int


@dataclass(frozen=True, slots=True)
class RoundBrief:
    """A round, as permissions ask it."""

    id: int
    audience: str
    opens_at: datetime
    closes_at: datetime
    concluded_at: datetime | None

    def state(self, now: datetime) -> str:
        """One of scheduled, open, closed, concluded."""
        return round_state(self.opens_at, self.closes_at, self.concluded_at, now)


@dataclass(frozen=True, slots=True)
class PolicyBrief:
    """A policy, as permissions ask it. `unit_name`: "" for the city's own.

    `newest`: the hashes of the newest entry on record about it, and of the newest one that made
    people or units appear otherwise.
    """

    id: int
    public_id: str
    slug: str
    title: str
    newest: tuple[str | None, str | None]
    agency: str
    visibility: str
    unit_path: str | None
    unit_name: str
    withdrawn_at: datetime | None
    decision_outcome: str | None
    current_revision: RevisionBrief | None
    current_round: RoundBrief | None

    @property
    def current_revision_id(self) -> int | None:
        return self.current_revision.id if self.current_revision else None


AnyPolicy = Policy | PolicyBrief
AnyRound = Round | RoundBrief
