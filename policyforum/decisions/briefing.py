"""The leader's page: what was said, what is contested, what is advised, in one value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from policyforum.commenting.models import Thread
from policyforum.commenting.participation import participation
from policyforum.consolidation.listing import Tally, tally
from policyforum.consolidation.models import TAKEN_UP
from policyforum.consolidation.settling import count_waiting
from policyforum.db.session import db
from policyforum.decisions.bodies import Bodies, bodies
from policyforum.decisions.models import Decision, Recommendation
from policyforum.decisions.queries import decisions_of, recommendation_on
from policyforum.decisions.standing import Standing, standing
from policyforum.policies.models import Policy, Revision


@dataclass(frozen=True, slots=True)
class Brief:
    """`consulted`: the newest revision people were heard on; the figures are about it.

    `undecided`: contributions to `revision` itself that hold up the decision.
    """

    revision: Revision
    consulted: Revision
    tally: Tally
    standing: Standing
    bodies: Bodies
    undecided: int
    recommendation: Recommendation | None
    decisions: Sequence[Decision]

    @property
    def contributions(self) -> int:
        return self.tally.views["all"]

    @property
    def open(self) -> int:
        """Contributions among them without a disposition."""
        return self.tally.views["undecided"]

    @property
    def decided(self) -> int:
        return sum(n for outcome, n in self.tally.outcomes.items() if outcome != "undecided")

    @property
    def taken_up_percent(self) -> int:
        """Of the contributions decided on, how many in a hundred changed the text."""
        taken = sum(self.tally.outcomes.get(outcome, 0) for outcome in TAKEN_UP)
        return round(taken * 100 / self.decided) if self.decided else 0

    @property
    def unheeded(self) -> tuple[str, ...]:
        """Associations that object to something the drafters did not take up."""
        names = (name for entry in self.standing.contested for name in entry.unheeded)
        return tuple(dict.fromkeys(names))

    @property
    def decision(self) -> Decision | None:
        """The decision on this very revision."""
        return next((d for d in self.decisions if d.revision_id == self.revision.id), None)


def brief_on(policy: Policy, revision: Revision) -> Brief:
    """Gather what a leader needs to decide on a revision; a fixed number of queries."""
    consulted = _consulted(policy, revision)
    return Brief(
        revision=revision,
        consulted=consulted,
        tally=tally(consulted),
        standing=standing(revision, consulted),
        bodies=bodies(participation(consulted.id)),
        undecided=count_waiting(revision),
        recommendation=recommendation_on(revision),
        decisions=decisions_of(policy),
    )


def _consulted(policy: Policy, revision: Revision) -> Revision:
    newest = db.session.scalars(
        select(Revision)
        .join(Thread, Thread.revision_id == Revision.id)
        .where(
            Revision.policy_id == policy.id,
            Revision.number <= revision.number,
            Thread.round_id.is_not(None),
        )
        .order_by(Revision.number.desc())
        .limit(1)
    ).one_or_none()
    return newest or revision
