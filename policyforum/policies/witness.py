"""What the tables of policies hold now for entries of the audit record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import undefer

from policyforum.audit.chain import Entry
from policyforum.audit.witnesses import Told, Witness, Witnesses
from policyforum.db.session import db
from policyforum.policies.models import Policy, Revision, RevisionSection, Round


def _of_policies(entries: Sequence[Entry]) -> Iterator[Told]:
    subjects = {entry.subject for entry in entries}
    rows = db.session.scalars(select(Policy).where(Policy.public_id.in_(subjects)))
    policies = {policy.public_id: policy for policy in rows}
    for entry in entries:
        if (policy := policies.get(entry.subject)) is not None:
            yield entry.seq, "kind", policy.kind
            yield entry.seq, "title", policy.title
            yield entry.seq, "visibility", policy.visibility
            if policy.withdrawn_at == entry.at:
                yield entry.seq, "reason", policy.withdrawn_reason


def _of_revisions(entries: Sequence[Entry]) -> Iterator[Told]:
    for entry in entries:
        revision = db.session.scalars(
            select(Revision)
            .where(Revision.public_id == entry.subject)
            .options(undefer(Revision.source))
        ).one_or_none()
        if revision is None:
            continue
        sections = db.session.execute(
            select(RevisionSection.text, RevisionSection.hash)
            .where(RevisionSection.revision_id == revision.id)
            .order_by(RevisionSection.position)
        ).all()
        yield entry.seq, "revision", revision.number
        yield entry.seq, "change_note", revision.change_note
        yield entry.seq, "sections", len(sections)
        whole = "".join(section.text for section in sections) == revision.source
        hashed = all(_sha256(section.text) == section.hash for section in sections)
        digest = _sha256(revision.source)
        if whole and hashed and digest == revision.source_hash:
            yield entry.seq, "source_hash", digest
        else:
            yield entry.seq, "source_hash", ""


def _of_rounds(entries: Sequence[Entry]) -> Iterator[Told]:
    subjects = {entry.subject for entry in entries}
    rows = db.session.scalars(select(Round).where(Round.public_id.in_(subjects)))
    rounds = {consultation.public_id: consultation for consultation in rows}
    for entry in entries:
        if (consultation := rounds.get(entry.subject)) is None:
            continue
        facts = json.loads(entry.facts)
        yield entry.seq, "round", consultation.number
        yield entry.seq, "audience", consultation.audience
        for name in ("opens_at", "closes_at"):
            moment: datetime = getattr(consultation, name)
            written = facts.get(name, "")
            same = bool(written) and datetime.fromisoformat(written) == moment
            yield entry.seq, name, written if same else moment.isoformat()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


WITNESSES: Witnesses = {
    "policy.created": Witness(("kind",), _of_policies),
    "policy.changed": Witness(
        ("title", "visibility"), _of_policies, replaced_by=("policy.changed",)
    ),
    "policy.withdrawn": Witness(("reason",), _of_policies),
    "revision.published": Witness(
        ("revision", "change_note", "sections", "source_hash"), _of_revisions
    ),
    **dict.fromkeys(
        ("round.opened", "round.changed"),
        Witness(
            ("round", "audience", "opens_at", "closes_at"),
            _of_rounds,
            replaced_by=("round.opened", "round.changed"),
        ),
    ),
}
