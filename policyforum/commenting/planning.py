"""Before publishing: drafters say where a discussion will stand in the revision to come.

A plan is made for the draft as it was looked at. While the draft is written on, it goes along with
its section; once its words are gone from there, it no longer counts and the program decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, select

from policyforum.audit.record import Event
from policyforum.commenting.models import PlannedPlacement, Thread
from policyforum.commenting.passages import LONGEST_QUOTE
from policyforum.commenting.placing import locked_for_placing, place_by_hand
from policyforum.db.session import db
from policyforum.drafting.origins import places_now
from policyforum.drafting.queries import working_text
from policyforum.organisation.acting import actor_for
from policyforum.organisation.actor import Actor
from policyforum.policies.models import Policy, Revision, RevisionSection, Section
from policyforum.text.keyed import subtree_ends
from policyforum.text.locating import locate
from policyforum.text.sections import Outline, split
from policyforum.web.problems import Invalid, Stale
from policyforum.web.texts import checked_text


@dataclass(frozen=True, slots=True)
class PlanData:
    """`position`: a section of the draft, None: the words are gone; `exact`: the words, "" for all
    of the section."""

    position: int | None
    exact: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as it stands in the draft now. `start` and `end` count from the section's offset."""

    position: int | None
    start: int | None = None
    end: int | None = None


def plan_place(thread: Thread, actor: Actor, version: int, data: PlanData, now: datetime) -> None:
    """Say where a discussion will stand once the draft, as it was at `version`, is published.

    Raises `Stale` when the draft was saved since, `Invalid` when it has no such section or words.
    """
    policy, thread = locked_for_placing(thread, actor)
    text = working_text(policy)
    if text.version != version:
        raise Stale(
            _("The draft was changed"),
            _("The draft was changed after you looked at it. Look again."),
        )
    exact = checked_text("exact", data.exact, LONGEST_QUOTE, compulsory=False)
    outline = split(text.source)
    if data.position is not None:
        if not 0 <= data.position < len(outline.sections):
            raise Invalid({"section": [_("The draft has no such section.")]})
        if exact and _located(outline, data.position, exact) is None:
            raise Invalid({"exact": [_("These words do not occur in this section.")]})
    _forget([thread.id])
    db.session.add(
        PlannedPlacement(
            thread_id=thread.id,
            policy_id=policy.id,
            version=version,
            position=data.position,
            exact=exact,
            planned_at=now,
            planned_by_id=actor.account_id,
        )
    )
    db.session.flush()


def forget_plan(thread: Thread, actor: Actor) -> None:
    """Leave it to the program again."""
    _policy, thread = locked_for_placing(thread, actor)
    _forget([thread.id])


def plans_for(policy: Policy, version: int, outline: Outline) -> dict[int, Plan]:
    """The plans that count for the draft at `version`, which is `outline`, by the threads' ids."""
    rows = db.session.scalars(
        select(PlannedPlacement).where(PlannedPlacement.policy_id == policy.id)
    ).all()
    versions = {row.version for row in rows}
    places = {then: places_now(policy, then, version, outline) for then in versions}
    found: dict[int, Plan] = {}
    for row in rows:
        plan = _now(row, places[row.version], outline)
        if plan is not None:
            found[row.thread_id] = plan
    return found


def place_as_planned(event: Event) -> None:
    """Listener of `revision.published`, after the program has placed every thread.

    Who publishes has the plans in view, so it is their word that the threads stand there.
    """
    revision: Revision = event.row
    policy = revision.policy
    text = working_text(policy)
    plans = plans_for(policy, text.version, split(text.source))
    if plans:
        keys = _keys(revision)
        actor = actor_for(revision.published_by, event.at)
        threads = db.session.scalars(select(Thread).where(Thread.id.in_(plans))).all()
        for thread in threads:
            if thread.state != "withdrawn":
                plan = plans[thread.id]
                key = None if plan.position is None else keys[plan.position]
                place_by_hand(thread, revision, actor, key, plan.start, plan.end, event.at)
    db.session.execute(delete(PlannedPlacement).where(PlannedPlacement.policy_id == policy.id))


def _forget(thread_ids: list[int]) -> None:
    db.session.execute(delete(PlannedPlacement).where(PlannedPlacement.thread_id.in_(thread_ids)))


def _now(row: PlannedPlacement, places: Mapping[int, int], outline: Outline) -> Plan | None:
    if row.position is None:
        return Plan(None)
    if row.position not in places:
        return None
    position = places[row.position]
    if not row.exact:
        return Plan(position)
    found = _located(outline, position, row.exact)
    return Plan(position, *found) if found else None


def _located(outline: Outline, position: int, exact: str) -> tuple[int, int] | None:
    """Where the words stand in a section of the draft and all inside it."""
    end = subtree_ends(outline.sections)[position]
    return locate("".join(one.text for one in outline.sections[position:end]), exact)


def _keys(revision: Revision) -> dict[int, str]:
    rows = db.session.execute(
        select(RevisionSection.position, Section.key)
        .join(Section, Section.id == RevisionSection.section_id)
        .where(RevisionSection.revision_id == revision.id)
    )
    return dict(rows.all())
