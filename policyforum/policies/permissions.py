"""Who may do what with a policy: pure predicates over an actor and rows already loaded."""

from __future__ import annotations

from datetime import datetime

from policyforum.organisation.actor import Actor
from policyforum.policies.brief import AnyPolicy, AnyRound

COMMENTING_ROLES = ("staff", "representative", "guest", "leader", "moderator")
OVERSEEING_ROLES = ("leader", "moderator", "auditor", "admin")


def may_create(actor: Actor) -> bool:
    """Open a new policy file."""
    return actor.has_role("drafter")


def may_see(actor: Actor, policy: AnyPolicy) -> bool:
    """Read the published revisions, or, before the first, know that the policy is there."""
    if may_draft(actor, policy) or _holds(actor, policy, "auditor", "admin"):
        return True
    if policy.current_revision_id is None:
        return False
    if policy.visibility == "public":
        return True
    if _has_seat(actor, policy):
        return True
    if policy.visibility == "staff":
        return bool(actor.roles - {"guest"})
    return _holds(actor, policy, *OVERSEEING_ROLES)


def may_draft(actor: Actor, policy: AnyPolicy) -> bool:
    """Write the draft, publish it, open rounds, consolidate: its drafters."""
    return _holds(actor, policy, "drafter")


def may_decide(actor: Actor, policy: AnyPolicy) -> bool:
    """Approve or return the current revision: a leader whose unit it comes from."""
    return _holds(actor, policy, "leader")


def may_oversee(actor: Actor, policy: AnyPolicy) -> bool:
    """See the leader's page: who decides, who drafts, who audits."""
    return _holds(actor, policy, "leader", "drafter", "auditor")


def may_moderate(actor: Actor, policy: AnyPolicy) -> bool:
    """Hide a contribution with a reason, and show it again."""
    return _holds(actor, policy, "moderator")


def may_audit(actor: Actor, policy: AnyPolicy) -> bool:
    """Read the policy's audit record."""
    return _holds(actor, policy, "auditor", "admin", "drafter", "leader")


def may_inspect(actor: Actor, policy: AnyPolicy) -> bool:
    """Read in it also what it keeps from those who draft and decide."""
    return _holds(actor, policy, "auditor", "admin")


def may_join(actor: Actor, policy: AnyPolicy, audience: str) -> bool:
    """Whether a round for this audience is meant for the actor."""
    if _has_seat(actor, policy):
        return True
    if audience == "public":
        return actor.has_role(*COMMENTING_ROLES)
    if audience == "staff":
        return actor.has_role(*(role for role in COMMENTING_ROLES if role != "guest"))
    return False


def may_comment(
    actor: Actor, policy: AnyPolicy, consultation: AnyRound | None, now: datetime
) -> bool:
    """Comment on the current revision now: in its open round, or as one of its drafters."""
    if may_draft(actor, policy):
        return True
    return (
        consultation is not None
        and consultation.state(now) == "open"
        and may_join(actor, policy, consultation.audience)
    )


def _holds(actor: Actor, policy: AnyPolicy, *roles: str) -> bool:
    return any(actor.holds(role, policy.unit_path, policy.id) for role in roles)


def _has_seat(actor: Actor, policy: AnyPolicy) -> bool:
    return any(
        grant.policy_id == policy.id and grant.role in COMMENTING_ROLES for grant in actor.grants
    )
