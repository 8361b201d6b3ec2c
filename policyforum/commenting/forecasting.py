"""Before publishing: where every discussion would stand if the draft came out now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from policyforum.commenting.carrying import Standing, carry_over
from policyforum.commenting.models import Thread
from policyforum.commenting.placing import BY_HAND, CONFIRMED_GONE, standings_in
from policyforum.commenting.planning import Plan, plans_for
from policyforum.db.session import db
from policyforum.drafting.origins import Lineage, lineage_of
from policyforum.policies.models import Policy
from policyforum.text.anchors import EXACT, UNPLACED, Placement
from policyforum.text.keyedtext import KeyedText
from policyforum.web.paging import PAGE, Page, decode_cursor, page_of

MOST_SHOWN = 20
OPEN = ("doubtful", "unplaced")
PLANNED = "planned"
"""Beside the states of placements: a drafter said where it will stand."""


@dataclass(frozen=True, slots=True)
class ForeseenThread:
    """A discussion and its place in the draft: the section and the words there.

    `has_words`: whether it is about those words, not about all of the section.
    """

    id: str
    number: int
    label: str
    quote: str
    state: str
    cause: str
    score: float
    position: int | None
    place: str
    words: str
    has_words: bool
    is_planned: bool

    @property
    def needs_a_person(self) -> bool:
        return self.state in OPEN and self.cause != CONFIRMED_GONE


@dataclass(frozen=True, slots=True)
class Forecast:
    """How many discussions would have which placement state, and which would need a person.

    `counts`: by state, and how many are PLANNED. `doubtful`: the first of those that are sure of
    their place now; `more`: how many others there are. `left_over`: how many have waited for a
    person since an earlier revision.
    """

    counts: Mapping[str, int]
    total: int = 0
    doubtful: tuple[ForeseenThread, ...] = ()
    more: int = 0
    left_over: int = 0


class Foresight:
    """Every discussion carried over to the working draft as drafters plan it; nothing is stored."""

    def __init__(self, policy: Policy) -> None:
        self.lineage: Lineage = lineage_of(policy)
        self._text = KeyedText(self.lineage.new)
        self._standings: Sequence[Standing] = ()
        self._places: Sequence[Placement] = ()
        self._plans: Mapping[int, Plan] = {}
        if policy.current_revision_id is not None:
            self._standings = standings_in(policy.current_revision_id)
            old, new, chosen = self.lineage.old, self.lineage.new, self.lineage.chosen
            self._places = carry_over(self._standings, old, new, set(chosen.values()))
            version = self.lineage.text.version
            self._plans = plans_for(policy, version, self.lineage.outline)

    def in_short(self) -> Forecast:
        """The numbers, and the first discussions that would need a person."""
        placed = self._placed()
        counts = Counter(place.state for _standing, place in placed)
        counts[PLANNED] = sum(standing.thread_id in self._plans for standing, _place in placed)
        open_ones = [
            (standing, place)
            for standing, place in placed
            if place.state in OPEN and place.cause != CONFIRMED_GONE
        ]
        fresh = [pair for pair in open_ones if pair[0].state not in OPEN]
        return Forecast(
            counts=counts,
            total=len(placed),
            doubtful=self._shown(fresh[:MOST_SHOWN]),
            more=max(len(fresh) - MOST_SHOWN, 0),
            left_over=len(open_ones) - len(fresh),
        )

    def page(self, state: str, cursor: str = "") -> Page[ForeseenThread]:
        """The discussions that would have a state, or are PLANNED, or all of them, by number."""
        after = decode_cursor(cursor, (int,))
        wanted = [
            (standing, place)
            for standing, place in self._placed()
            if (not state or place.state == state or self._is(standing, state))
            and (after is None or standing.thread_id > int(after[0]))
        ]
        page = page_of(wanted[: PAGE + 1], PAGE, lambda pair: [pair[0].thread_id])
        return Page(self._shown(page.items), page.next)

    def of(self, thread: Thread) -> ForeseenThread | None:
        """One discussion; None when it is not carried over."""
        pairs = [pair for pair in self._placed() if pair[0].thread_id == thread.id]
        return self._shown(pairs)[0] if pairs else None

    def _is(self, standing: Standing, state: str) -> bool:
        return state == PLANNED and standing.thread_id in self._plans

    def _placed(self) -> list[tuple[Standing, Placement]]:
        return [
            (standing, self._as_planned(standing.thread_id) or place)
            for standing, place in zip(self._standings, self._places, strict=True)
        ]

    def _as_planned(self, thread_id: int) -> Placement | None:
        plan = self._plans.get(thread_id)
        if plan is None:
            return None
        if plan.position is None:
            return Placement(None, None, None, UNPLACED, 1.0, CONFIRMED_GONE)
        key = self.lineage.new[plan.position].key
        return Placement(key, plan.start, plan.end, EXACT, 1.0, BY_HAND)

    def _shown(self, pairs: Sequence[tuple[Standing, Placement]]) -> tuple[ForeseenThread, ...]:
        ids = [standing.thread_id for standing, _place in pairs]
        threads = {
            thread.id: thread
            for thread in db.session.scalars(select(Thread).where(Thread.id.in_(ids)))
        }
        return tuple(self._thread(threads[standing.thread_id], place) for standing, place in pairs)

    def _thread(self, thread: Thread, place: Placement) -> ForeseenThread:
        label = words = ""
        position = None if place.key is None else self._text.positions[place.key]
        if place.key is not None and position is not None:
            label = self.lineage.new[position].section.label
            low, high = self._text.subtree(place.key)
            start = low + (place.start or 0)
            words = self._text.source[start : high if place.end is None else low + place.end]
        return ForeseenThread(
            id=thread.public_id,
            number=thread.number,
            label=thread.section_label,
            quote=thread.quote_exact or "",
            state=place.state,
            cause=place.cause,
            score=place.score,
            position=position,
            place=label,
            words=words,
            has_words=place.start is not None,
            is_planned=thread.id in self._plans,
        )
