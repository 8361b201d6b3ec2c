"""Decisions of leaders."""

from __future__ import annotations

from policyforum.api.calls import writes
from policyforum.api.presenters.addresses import page_url
from policyforum.api.presenters.policies import person_shown
from policyforum.api.schemas.record import Decision, NewDecision
from policyforum.decisions.services import DecisionData, decide
from policyforum.organisation.current import current_actor
from policyforum.policies.queries import policy_by_slug, revision_by_number
from policyforum.web.access import signed_in
from policyforum.web.clock import now


@signed_in
@writes(NewDecision, Decision, status=201, refusals=(403, 409))
def create_decision(sent: NewDecision, slug: str) -> Decision:
    """Approve or return the current revision.

    422 with `missing` while a round of that revision has a thread without disposition.
    """
    actor = current_actor()
    policy = policy_by_slug(slug, actor)
    revision = revision_by_number(policy, sent.revision)
    data = DecisionData(sent.outcome, sent.reason or "")
    decision = decide(policy, revision, actor, data, now())
    return Decision.model_validate(
        {
            "id": decision.public_id,
            "revision": revision.number,
            "outcome": decision.outcome,
            "reason": decision.reason,
            "decided_at": decision.decided_at,
            "decided_by": person_shown(decision.decided_by),
            "url": page_url(f"/policies/{policy.slug}/decision"),
        }
    )
