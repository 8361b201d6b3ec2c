"""Voices: the faces under which accounts speak."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from policyforum.accounts.models import Account
from policyforum.commenting.models import Voice
from policyforum.db.session import db
from policyforum.organisation.actor import Actor


def voice_of(actor: Actor, now: datetime) -> Voice:
    """The actor's voice with their name, unit and association as they are now; made if new."""
    face = _face_of(actor)
    found = _find(face)
    if found is not None:
        return found
    # Two first words sent at the same time wait for each other here.
    db.session.execute(
        select(Account.id).where(Account.id == actor.account_id).with_for_update(key_share=True)
    )
    found = _find(face)
    if found is None:
        found = Voice(**face, created_at=now)
        db.session.add(found)
        db.session.flush()
    return found


def _face_of(actor: Actor) -> dict[str, str | int | None]:
    """A representative speaks with the association beside the name; anybody else with the unit."""
    association_id, association_name = None, ""
    if actor.has_role("representative") and actor.association_ids:
        association_id, association_name = actor.association_ids[0], actor.association_names[0]
    return {
        "kind": "guest" if actor.roles == {"guest"} else "person",
        "account_id": actor.account_id,
        "name": actor.name,
        "unit_id": actor.unit_id,
        "unit_name": actor.unit_name,
        "association_id": association_id,
        "association_name": association_name,
    }


def _find(face: dict[str, str | int | None]) -> Voice | None:
    return db.session.scalars(
        select(Voice).filter_by(**face).order_by(Voice.id).limit(1)
    ).one_or_none()
