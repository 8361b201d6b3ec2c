"""A policy's status, told from its pointers and the clock: one SQL expression for lists and pages.

Nothing has to run when a round's closing time passes: the status follows by itself.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, select
from sqlalchemy.orm import aliased

from policyforum.policies.models import Policy, Round


def status_expression(now: datetime) -> ColumnElement[str]:
    """The status of each `Policy` row at `now`, one of `models.STATUSES`."""
    current = aliased(Round)
    closes_at, waiting = (
        select(column).where(current.id == Policy.current_round_id).scalar_subquery()
        for column in (current.closes_at, current.waiting)
    )
    return case(
        (Policy.withdrawn_at.is_not(None), "withdrawn"),
        (Policy.decision_outcome.is_not(None), Policy.decision_outcome),
        (Policy.current_revision_id.is_(None), "drafting"),
        (and_(Policy.current_round_id.is_not(None), closes_at > now), "consulting"),
        (and_(Policy.current_round_id.is_not(None), waiting > 0), "consolidating"),
        (ever_consulted(), "deciding"),
        else_="drafting",
    )


def ever_consulted() -> ColumnElement[bool]:
    """Whether people could speak in a round of each `Policy` row.

    Not in one called off before it opened, nor before it was entered, whenever it is said to have
    opened.
    """
    could_speak = and_(Round.opens_at < Round.closes_at, Round.created_at < Round.closes_at)
    return exists().where(Round.policy_id == Policy.id, could_speak)
