"""Policies, revisions, rounds and comparisons as the API tells them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Row

from policyforum.accounts.models import Account
from policyforum.api.presenters.addresses import page_url
from policyforum.api.schemas import policies as shapes
from policyforum.organisation.actor import Actor
from policyforum.organisation.models import Unit
from policyforum.policies.models import Policy, Revision, Round
from policyforum.policies.permissions import may_draft
from policyforum.text.diff import Comparison, SectionChange
from policyforum.text.keyed import KeyedSection


def policy_shown(
    policy: Policy, status: str, draft_version: int, actor: Actor, now: datetime
) -> shapes.Policy:
    consultation = policy.current_round
    drafts = may_draft(actor, policy)
    return shapes.Policy.model_validate(
        {
            "id": policy.public_id,
            "slug": policy.slug,
            "url": page_url(f"/policies/{policy.slug}"),
            "title": policy.title,
            "summary": policy.summary,
            "kind": policy.kind,
            "visibility": policy.visibility,
            "status": status,
            "unit": unit_shown(policy.unit),
            "current_revision": (
                policy.current_revision.number if policy.current_revision else None
            ),
            "round": round_shown(consultation, policy, now) if consultation else None,
            "draft": {"version": draft_version} if drafts else None,
            "created_at": policy.created_at,
            "withdrawn_at": policy.withdrawn_at,
        }
    )


def unit_shown(unit: Unit | None) -> shapes.UnitRef | None:
    return shapes.UnitRef(id=unit.public_id, code=unit.code, name=unit.name) if unit else None


def person_shown(account: Account) -> shapes.PersonRef:
    return shapes.PersonRef(id=account.public_id, name=account.name)


def round_shown(consultation: Round, policy: Policy, now: datetime) -> shapes.Round:
    number = consultation.revision.number
    return shapes.Round.model_validate(
        {
            "id": consultation.public_id,
            "number": consultation.number,
            "revision": number,
            "audience": consultation.audience,
            "opens_at": consultation.opens_at,
            "closes_at": consultation.closes_at,
            "state": consultation.state(now),
            "threads": consultation.threads,
            "waiting": consultation.waiting,
            "created_at": consultation.created_at,
            "concluded_at": consultation.concluded_at,
            "url": revision_url(policy, number),
        }
    )


def revision_shown(
    revision: Revision,
    policy: Policy,
    consultation: Round | None,
    sections: Sequence[Row[*tuple[Any, ...]]],
    previous: Mapping[int, list[str]],
    now: datetime,
) -> shapes.Revision:
    keys = {row.position: row.key for row in sections}
    return shapes.Revision.model_validate(
        {
            "id": revision.public_id,
            "number": revision.number,
            "url": revision_url(policy, revision.number),
            "published_at": revision.published_at,
            "published_by": person_shown(revision.published_by),
            "change_note": revision.change_note,
            "source_hash": revision.source_hash,
            "round": round_shown(consultation, policy, now) if consultation else None,
            "sections": [
                {
                    "key": row.key,
                    "parent": keys.get(row.parent_position),
                    "position": row.position,
                    "kind": row.kind,
                    "number": row.number,
                    "label": row.label,
                    "heading": row.heading,
                    "offset": row.offset,
                    "text": row.text,
                    "html": row.html,
                    "hash": row.hash,
                    "origin": {
                        "state": row.origin_state,
                        "previous_keys": previous.get(row.section_id, []),
                    },
                }
                for row in sections
            ],
        }
    )


def revision_url(policy: Policy, number: int) -> str:
    return page_url(f"/policies/{policy.slug}/revisions/{number}")


def changes_shown(
    policy: Policy, before: int, after: int, comparison: Comparison
) -> shapes.Changes:
    return shapes.Changes(
        before=before,
        after=after,
        url=page_url(f"/policies/{policy.slug}/changes/{before}..{after}"),
        sections=[_change(change) for change in comparison.sections],
        totals=shapes.ChangeTotals.model_validate(asdict(comparison.totals)),
    )


def _change(change: SectionChange) -> shapes.SectionChange:
    return shapes.SectionChange.model_validate(
        {
            "key": change.key,
            "state": change.state,
            "before": _side(change.before),
            "after": _side(change.after),
            "spans": [
                {"op": span.op, "text": span.text, "peer": span.peer or None}
                for span in change.spans
            ],
        }
    )


def _side(side: KeyedSection | None) -> shapes.ChangeSide | None:
    if side is None:
        return None
    section = side.section
    return shapes.ChangeSide(
        label=section.label,
        heading=section.heading,
        kind=section.kind,
        position=section.position,
        offset=section.offset,
        text=section.text,
    )
