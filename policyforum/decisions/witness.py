"""What the tables of decisions hold now for entries of the audit record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from sqlalchemy import select

from policyforum.accounts.models import Account
from policyforum.audit.chain import Entry
from policyforum.audit.witnesses import Amiss, Told, Witness, Witnesses, untold
from policyforum.db.session import db
from policyforum.decisions.models import Decision, Recommendation
from policyforum.policies.models import Policy, Revision


def _of_decisions(entries: Sequence[Entry]) -> Iterator[Told]:
    subjects = {entry.subject for entry in entries}
    rows = db.session.execute(
        select(Decision, Revision.number, Policy.public_id, Account.public_id)
        .join(Revision, Revision.id == Decision.revision_id)
        .join(Policy, Policy.id == Revision.policy_id)
        .join(Account, Account.id == Decision.decided_by_id)
        .where(Decision.public_id.in_(subjects))
    )
    found = {row.Decision.public_id: row for row in rows}
    for entry in entries:
        if entry.subject in found:
            decision, number, policy, account = found[entry.subject]
            yield entry.seq, "actor", account
            yield entry.seq, "policy", policy
            yield entry.seq, "moment", decision.decided_at
            yield entry.seq, "revision", number
            yield entry.seq, "outcome", decision.outcome
            yield entry.seq, "reason", decision.reason


def _of_recommendations(entries: Sequence[Entry]) -> Iterator[Told]:
    rows = db.session.execute(
        select(Revision.public_id, Recommendation.given_at, Recommendation.text, Account.public_id)
        .join(Revision, Revision.id == Recommendation.revision_id)
        .join(Account, Account.id == Recommendation.given_by_id)
        .where(Revision.public_id.in_({entry.subject for entry in entries}))
    ).all()
    for entry in entries:
        for revision, given_at, text, account in rows:
            if (revision, given_at) == (entry.subject, entry.at):
                yield entry.seq, "actor", account
                yield entry.seq, "text", text


def _untold_recommendations() -> Iterable[Amiss]:
    given = select(Revision.public_id, Recommendation.given_at).join(
        Recommendation, Recommendation.revision_id == Revision.id
    )
    return untold("recommendations", given, "recommendation.given")


def _amiss() -> Iterable[Amiss]:
    return chain(
        untold("decisions", select(Decision.public_id), "decision.made"), _decided_otherwise()
    )


def _decided_otherwise() -> Iterator[Amiss]:
    """Policies that show another decision than their current revision's."""
    policies = db.session.scalars(
        select(Policy.public_id)
        .outerjoin(Decision, Decision.revision_id == Policy.current_revision_id)
        .where(Policy.decision_outcome.is_distinct_from(Decision.outcome))
        .limit(1)
    )
    return (("policies.decision_outcome", policy) for policy in policies)


WITNESSES: Witnesses = {
    "decision.made": (
        Witness(
            ("actor", "policy", "moment", "revision", "outcome", "reason"),
            _of_decisions,
            amiss=_amiss,
        ),
    ),
    "recommendation.given": (
        Witness(("actor", "text"), _of_recommendations, amiss=_untold_recommendations),
    ),
}
