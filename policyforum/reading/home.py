"""The home page: a civil servant's, a drafter's, a leader's, a visitor's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from policyforum.commenting.own import my_threads
from policyforum.decisions.queries import WaitingDecision, decisions_waiting
from policyforum.organisation.actor import Actor
from policyforum.policies.models import Policy, Round
from policyforum.policies.permissions import COMMENTING_ROLES, may_join
from policyforum.reading.listings import DeskRow, consultations_since, desk_rows
from policyforum.reading.own import OwnContribution, own_contributions
from policyforum.reading.queries import unread_answers
from policyforum.web.clock import in_city

OWN_SHOWN = 3
STILL_RECENT = timedelta(days=21)
SOON = 7


@dataclass(frozen=True, slots=True)
class Consultation:
    """A round that is open, or closed lately. `may_join`: whether it is meant for the reader."""

    policy: Policy
    revision: int
    round: Round
    days: int
    may_join: bool

    @property
    def is_soon(self) -> bool:
        return self.days <= SOON


@dataclass(frozen=True, slots=True)
class Home:
    """Everything the home page shows; what is not for this person is empty."""

    greeting: str
    first_name: str
    open: Sequence[Consultation]
    scheduled: Sequence[Consultation]
    closed: Sequence[Consultation]
    own: Sequence[OwnContribution]
    new_answers: int
    contributes: bool
    decisions: Sequence[WaitingDecision]
    desk: Sequence[DeskRow]

    @property
    def news(self) -> OwnContribution | None:
        """The newest contribution among those shown whose answer was not seen yet."""
        return next((own for own in self.own if own.is_new), None)


def home_of(actor: Actor, now: datetime) -> Home:
    """The home page of this person now."""
    policies = consultations_since(actor, now - STILL_RECENT)
    found = [_consultation(policy, consultation, actor, now) for policy, consultation in policies]
    threads = my_threads(actor, limit=OWN_SHOWN) if actor.is_signed_in else None
    unseen = unread_answers(actor) if actor.is_signed_in else set()
    return Home(
        greeting=_time_of_day(now),
        first_name=first_name(actor.name),
        open=[entry for entry in found if entry.round.state(now) == "open"],
        scheduled=[entry for entry in found if entry.round.state(now) == "scheduled"],
        closed=[
            entry for entry in reversed(found) if entry.round.state(now) in ("closed", "concluded")
        ],
        own=own_contributions(threads.items, unseen) if threads else [],
        new_answers=len(unseen),
        contributes=actor.has_role(*COMMENTING_ROLES),
        decisions=decisions_waiting(actor, now),
        desk=desk_rows(actor, now) if actor.has_role("drafter") else [],
    )


def first_name(name: str) -> str:
    """What somebody is greeted by: the first word that is no title ("dr.", "Hj.")."""
    words = [word for word in name.split() if not word.endswith(".")]
    return words[0].rstrip(",") if words else name


def _consultation(policy: Policy, consultation: Round, actor: Actor, now: datetime) -> Consultation:
    return Consultation(
        policy=policy,
        revision=consultation.revision.number,
        round=consultation,
        days=(in_city(consultation.closes_at).date() - in_city(now).date()).days,
        may_join=may_join(actor, policy, consultation.audience),
    )


def _time_of_day(now: datetime) -> str:
    hour = in_city(now).hour
    parts = ((4, "night"), (11, "morning"), (15, "noon"), (18, "afternoon"), (24, "evening"))
    return next(name for until, name in parts if hour < until)
