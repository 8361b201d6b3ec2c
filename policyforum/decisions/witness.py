"""What the tables of decisions hold now for entries of the audit record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from policyforum.audit.chain import Entry
from policyforum.audit.witnesses import Told, Witness, Witnesses
from policyforum.db.session import db
from policyforum.decisions.models import Decision, Recommendation
from policyforum.policies.models import Revision


def _of_decisions(entries: Sequence[Entry]) -> Iterator[Told]:
    subjects = {entry.subject for entry in entries}
    rows = db.session.execute(
        select(Decision, Revision.number)
        .join(Revision, Revision.id == Decision.revision_id)
        .where(Decision.public_id.in_(subjects))
    )
    found = {decision.public_id: (decision, number) for decision, number in rows}
    for entry in entries:
        if entry.subject not in found:
            continue
        decision, number = found[entry.subject]
        yield entry.seq, "revision", number
        if decision.decided_at == entry.at:
            yield entry.seq, "outcome", decision.outcome
            yield entry.seq, "reason", decision.reason


def _of_recommendations(entries: Sequence[Entry]) -> Iterator[Told]:
    rows = db.session.execute(
        select(Revision.public_id, Recommendation.given_at, Recommendation.text)
        .join(Revision, Revision.id == Recommendation.revision_id)
        .where(Revision.public_id.in_({entry.subject for entry in entries}))
    ).all()
    for entry in entries:
        for revision, given_at, text in rows:
            if (revision, given_at) == (entry.subject, entry.at):
                yield entry.seq, "text", text


WITNESSES: Witnesses = {
    "decision.made": Witness(("revision", "outcome", "reason"), _of_decisions),
    "recommendation.given": Witness(("text",), _of_recommendations),
}
