"""What the table of policies holds now for entries of the audit record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import aliased

from policyforum.accounts.models import Account
from policyforum.audit.chain import Entry
from policyforum.audit.witnesses import Amiss, Told, untold
from policyforum.db.session import db
from policyforum.organisation.models import Unit
from policyforum.policies.models import Policy, Revision, Round


def of_openings(entries: Sequence[Entry]) -> Iterator[Told]:
    rows = db.session.execute(
        select(Policy, Account.public_id, Unit.public_id)
        .outerjoin(Account, Account.id == Policy.created_by_id)
        .outerjoin(Unit, Unit.id == Policy.unit_id)
        .where(Policy.public_id.in_({entry.subject for entry in entries}))
    )
    found = {policy.public_id: (policy, account, unit) for policy, account, unit in rows}
    for entry in entries:
        if entry.subject in found:
            policy, account, unit = found[entry.subject]
            yield entry.seq, "actor", account or ""
            yield entry.seq, "moment", policy.created_at
            yield entry.seq, "kind", policy.kind
            facts = json.loads(entry.facts)
            # The demo of earlier versions gave its policies other addresses afterwards.
            yield entry.seq, "slug", policy.slug if "language" in facts else facts["slug"]
            yield entry.seq, "language", policy.language
            yield entry.seq, "unit", unit


def of_settings(entries: Sequence[Entry]) -> Iterator[Told]:
    policies = _policies(entries)
    for entry in entries:
        if (policy := policies.get(entry.subject)) is not None:
            yield entry.seq, "title", policy.title
            yield entry.seq, "summary", policy.summary
            yield entry.seq, "visibility", policy.visibility


def of_withdrawals(entries: Sequence[Entry]) -> Iterator[Told]:
    policies = _policies(entries)
    for entry in entries:
        policy = policies.get(entry.subject)
        if policy is not None and policy.withdrawn_at is not None:
            yield entry.seq, "moment", policy.withdrawn_at
            yield entry.seq, "reason", policy.withdrawn_reason


def _policies(entries: Sequence[Entry]) -> dict[str, Policy]:
    subjects = {entry.subject for entry in entries}
    rows = db.session.scalars(select(Policy).where(Policy.public_id.in_(subjects)))
    return {policy.public_id: policy for policy in rows}


def amiss() -> Iterable[Amiss]:
    ids = select(Policy.public_id)
    withdrawn = or_(Policy.withdrawn_at.is_not(None), Policy.withdrawn_reason != "")
    return chain(
        untold("policies", ids, "policy.created"),
        untold("policies.withdrawn_at", ids.where(withdrawn), "policy.withdrawn"),
        _pointing_elsewhere(),
    )


def _pointing_elsewhere() -> Iterator[Amiss]:
    """Policies whose current revision and round are not their newest."""
    newest = (
        select(Revision.policy_id, func.max(Revision.number).label("number"))
        .group_by(Revision.policy_id)
        .subquery()
    )
    later = aliased(Round)
    ongoing = (
        select(later.id)
        .where(later.revision_id == Policy.current_revision_id)
        .order_by(later.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    checks = {
        "policies.current_revision_id": or_(
            Revision.policy_id != Policy.id,
            Revision.number.is_distinct_from(newest.c.number),
        ),
        "policies.current_round_id": Policy.current_round_id.is_distinct_from(ongoing),
    }
    rows = db.session.execute(
        select(case(*((wrong, what) for what, wrong in checks.items())), Policy.public_id)
        .outerjoin(newest, newest.c.policy_id == Policy.id)
        .outerjoin(Revision, Revision.id == Policy.current_revision_id)
        .where(or_(*checks.values()))
        .limit(1)
    )
    return ((what, policy) for what, policy in rows)
