"""Before publishing: where every discussion would stand if the draft came out now."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from policyforum.commenting.carrying import carry_over
from policyforum.commenting.models import Thread
from policyforum.commenting.placing import CONFIRMED_GONE, standings_in
from policyforum.db.session import db
from policyforum.drafting.queries import current_source
from policyforum.policies.models import Policy
from policyforum.policies.queries import keyed_sections
from policyforum.text.keyed import keyed
from policyforum.text.lineage import carry
from policyforum.text.sections import split

MOST_SHOWN = 20
OPEN = ("doubtful", "unplaced")


@dataclass(frozen=True, slots=True)
class DoubtfulThread:
    """A discussion a person would have to place."""

    id: str
    number: int
    label: str
    quote: str
    state: str
    cause: str


@dataclass(frozen=True, slots=True)
class Forecast:
    """How many discussions would have which placement state, and which would need a person.

    `doubtful`: the first of those that are sure of their place now; `more`: how many others there
    are. `left_over`: how many have waited for a person since an earlier revision.
    """

    counts: Mapping[str, int]
    doubtful: tuple[DoubtfulThread, ...] = ()
    more: int = 0
    left_over: int = 0

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def forecast_for(policy: Policy) -> Forecast:
    """Carry the current revision's discussions over to the working draft, without storing it."""
    if policy.current_revision_id is None:
        return Forecast({})
    standings = standings_in(policy.current_revision_id)
    old = keyed_sections(policy.current_revision_id)
    outline = split(current_source(policy))
    fresh = itertools.count()
    carried = carry(old, outline.sections, lambda: f"new {next(fresh)}")
    new = keyed((section.key for section in carried.sections), outline.sections)
    places = carry_over(standings, old, new)
    questions = [
        (standing.state in OPEN, (standing.thread_id, place.state, place.cause))
        for standing, place in zip(standings, places, strict=True)
        if place.state in OPEN and place.cause != CONFIRMED_GONE
    ]
    fresh_ones = [question for is_old, question in questions if not is_old]
    return Forecast(
        counts=Counter(place.state for place in places),
        doubtful=_doubtful(fresh_ones[:MOST_SHOWN]),
        more=max(len(fresh_ones) - MOST_SHOWN, 0),
        left_over=len(questions) - len(fresh_ones),
    )


def _doubtful(questions: list[tuple[int, str, str]]) -> tuple[DoubtfulThread, ...]:
    threads = {
        thread.id: thread
        for thread in db.session.scalars(
            select(Thread).where(Thread.id.in_([thread_id for thread_id, *_rest in questions]))
        )
    }
    return tuple(
        DoubtfulThread(
            thread.public_id,
            thread.number,
            thread.section_label,
            thread.quote_exact or "",
            state,
            cause,
        )
        for thread_id, state, cause in questions
        if (thread := threads[thread_id])
    )
