"""Voices: the faces under which accounts speak."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select

from policyforum.accounts.models import Account
from policyforum.audit.chain import canonical_json
from policyforum.audit.record import Event, record
from policyforum.commenting.models import Voice
from policyforum.db.asking import Question, so_many
from policyforum.db.base import table_of
from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.policies.brief import AnyPolicy


class Face(NamedTuple):
    """What tells one voice of an account from another."""

    kind: str
    account_id: int | None
    name: str
    unit_id: int | None
    unit_name: str
    association_id: int | None
    association_name: str


class VoiceRef(NamedTuple):
    """A voice: its row, and how the record names it."""

    id: int
    public_id: str


def voice_of(actor: Actor, policy: AnyPolicy, now: datetime) -> VoiceRef:
    """The actor's voice on this policy with name, unit and association as now; made if new."""
    face = face_of(actor, policy)
    found = _known(face)
    if found is not None:
        return found
    # Two first words sent at the same time wait for each other here.
    db.session.execute(
        select(Account.id).where(Account.id == actor.account_id).with_for_update(key_share=True)
    )
    found = _known(face)
    if found is None:
        voice = Voice(**face._asdict(), created_at=now)
        db.session.add(voice)
        db.session.flush()
        found = VoiceRef(voice.id, voice.public_id)
        texts = {"face": face_words(face)}
        record(Event("voice.taken", actor.public_id, now, voice.public_id, texts=texts))
    return found


def known_voice(actor: Actor, policy: AnyPolicy) -> VoiceRef | None:
    """The actor's voice as of `voice_of`, if it spoke before."""
    return _known(face_of(actor, policy))


def face_of(actor: Actor, policy: AnyPolicy) -> Face:
    """A representative speaks with the association beside the name; anybody else with the unit."""
    association = actor.speaks_for(policy.unit_path, policy.id)
    return Face(
        kind="guest" if actor.roles == {"guest"} else "person",
        account_id=actor.account_id,
        name=actor.name,
        unit_id=actor.unit_id,
        unit_name=actor.unit_name,
        association_id=association.id if association else None,
        association_name=association.name if association else "",
    )


def face_words(face: Face) -> str:
    """The face as the record commits to it."""
    return canonical_json(face._asdict())


def _known(face: Face) -> VoiceRef | None:
    row = _FIND.row(face._asdict())
    return VoiceRef(*row) if row else None


_VOICE = table_of(Voice)
_SAME = ("account_id", "kind", "name", "unit_name", "association_name")
_SAME_OR_NONE = ("unit_id", "association_id")
_FIND = Question(
    select(_VOICE.c.id, _VOICE.c.public_id)
    .where(
        *(_VOICE.c[name] == bindparam(name) for name in _SAME),
        *(_VOICE.c[name].is_not_distinct_from(bindparam(name)) for name in _SAME_OR_NONE),
    )
    .order_by(_VOICE.c.id)
    .limit(so_many(1))
)
