"""Reading what composed pages show: always a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from policyforum.db.session import db
from policyforum.notifications.models import Notification
from policyforum.organisation.actor import Actor
from policyforum.organisation.models import Agency


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the frame of a page shows: whose site it is, and how much lies unread."""

    agency: str = ""
    unread: int = 0


def surroundings(actor: Actor) -> Surroundings:
    """In one query."""
    unread = (
        select(func.count())
        .select_from(Notification)
        .where(
            Notification.account_id == (actor.account_id or 0),
            Notification.read_at.is_(None),
        )
        .scalar_subquery()
    )
    row = db.session.execute(
        select(Agency.name, unread).order_by(Agency.id).limit(1)
    ).one_or_none()
    return Surroundings(row[0], row[1]) if row else Surroundings()
