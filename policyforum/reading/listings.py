"""Lists of policies: those consulted on, those on a desk, all one may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from policyforum.accounts.models import Account
from policyforum.commenting.filters import needs_a_person
from policyforum.commenting.models import Placement, Thread, ThreadPosition
from policyforum.db.session import db
from policyforum.drafting.models import Draft, DraftSave
from policyforum.organisation.actor import Actor
from policyforum.policies.models import Policy, Round
from policyforum.policies.status import status_expression
from policyforum.policies.visibility import covered_by, visible_to
from policyforum.web.paging import PAGE, Page, decode_cursor, page_of

ON_HOME = 12


@dataclass(frozen=True, slots=True)
class ListedPolicy:
    """A policy with its status, told at the time of asking."""

    policy: Policy
    status: str


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A policy somebody drafts: its status, the last save, what waits for an answer or a place."""

    policy: Policy
    status: str
    saved_at: datetime | None
    saved_by: str
    waiting: int
    to_place: int


def consultations_since(actor: Actor, closed_after: datetime) -> list[tuple[Policy, Round]]:
    """Rounds on current texts the actor may see that did not close before, soonest first."""
    rows = db.session.execute(
        select(Policy, Round)
        .join(Round, Round.id == Policy.current_round_id)
        .where(
            Round.closes_at > closed_after,
            Policy.withdrawn_at.is_(None),
            Policy.decision_outcome.is_(None),
            visible_to(actor),
        )
        .order_by(Round.closes_at, Policy.id)
        .limit(ON_HOME)
        .options(joinedload(Policy.unit), joinedload(Round.revision))
    )
    return [(policy, consultation) for policy, consultation in rows]


def desk_rows(actor: Actor, now: datetime) -> list[DeskRow]:
    """The policies an actor drafts and that are under way, the last touched first. Two queries."""
    rows = db.session.execute(
        select(Policy, status_expression(now), DraftSave.saved_at, Account.name)
        .outerjoin(Draft, Draft.policy_id == Policy.id)
        .outerjoin(
            DraftSave,
            (DraftSave.policy_id == Draft.policy_id) & (DraftSave.version == Draft.version),
        )
        .outerjoin(Account, Account.id == DraftSave.saved_by_id)
        .where(Policy.withdrawn_at.is_(None), covered_by(actor, ("drafter",)))
        .order_by(DraftSave.saved_at.desc(), Policy.id.desc())
        .limit(ON_HOME)
        .options(
            joinedload(Policy.unit),
            joinedload(Policy.current_revision),
            joinedload(Policy.current_round),
        )
    ).all()
    doubtful = _to_place([row[0] for row in rows])
    return [
        DeskRow(
            policy=policy,
            status=status,
            saved_at=saved_at,
            saved_by=name or "",
            waiting=policy.current_round.waiting if policy.current_round else 0,
            to_place=doubtful.get(policy.current_revision_id or 0, 0),
        )
        for policy, status, saved_at, name in rows
    ]


def policies_page(
    actor: Actor, now: datetime, status: str | None, words: str, cursor: str = ""
) -> Page[ListedPolicy]:
    """The policies an actor may see, newest first; `words` must all stand in title or summary."""
    status_now = status_expression(now)
    query = (
        select(Policy, status_now)
        .where(visible_to(actor))
        .order_by(Policy.id.desc())
        .limit(PAGE + 1)
        .options(
            joinedload(Policy.unit),
            joinedload(Policy.current_revision),
            joinedload(Policy.current_round),
        )
    )
    if status is not None:
        query = query.where(status_now == status)
    for word in words.split()[:8]:
        text = func.lower(Policy.title + " " + Policy.summary)
        query = query.where(text.contains(word.lower(), autoescape=True))
    after = decode_cursor(cursor, (int,))
    if after is not None:
        query = query.where(Policy.id < after[0])
    rows = [ListedPolicy(policy, found) for policy, found in db.session.execute(query)]
    return page_of(rows, PAGE, lambda row: [row.policy.id])


def _to_place(policies: Sequence[Policy]) -> dict[int, int]:
    """How many threads wait for a person to place them, by current revision."""
    rows = db.session.execute(
        select(ThreadPosition.revision_id, func.count())
        .join(Thread, Thread.id == ThreadPosition.thread_id)
        .join(Placement, Placement.id == ThreadPosition.placement_id)
        .where(
            ThreadPosition.revision_id.in_([policy.current_revision_id for policy in policies]),
            needs_a_person(),
        )
        .group_by(ThreadPosition.revision_id)
    )
    return dict(rows.all())
