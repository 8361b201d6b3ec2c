"""Policies: list, open, show."""

from __future__ import annotations

from flask_babel import gettext as _

from policyforum.api.calls import reads, writes
from policyforum.api.presenters.policies import policy_shown
from policyforum.api.queries import policies_page
from policyforum.api.schemas.policies import NewPolicy, Policy, PolicyList, PolicyQuery
from policyforum.drafting.queries import current_draft
from policyforum.drafting.services import start_policy
from policyforum.organisation.current import current_actor
from policyforum.organisation.queries import unit_by_code
from policyforum.policies.queries import policy_by_slug, status_of
from policyforum.policies.services import PolicyData
from policyforum.web.access import signed_in
from policyforum.web.clock import now
from policyforum.web.problems import Invalid


@signed_in
@reads(PolicyList, query=PolicyQuery)
def list_policies(query: PolicyQuery) -> PolicyList:
    """List the policies one may see, newest first."""
    actor, moment = current_actor(), now()
    page = policies_page(actor, query.status, query.q, moment, query.cursor, query.limit)
    return PolicyList(
        items=[
            policy_shown(row.policy, row.status, row.draft_version, actor, moment)
            for row in page.items
        ],
        next=page.next,
    )


@signed_in
@writes(NewPolicy, Policy, status=201, refusals=(403,))
def create_policy(sent: NewPolicy) -> Policy:
    """Open a policy with its working draft."""
    data = PolicyData(
        sent.title,
        sent.kind,
        sent.visibility,
        sent.summary or "",
        unit_id=_unit_id(sent.unit) if sent.unit else None,
        is_citywide=sent.unit == "",
    )
    policy = start_policy(current_actor(), data, sent.source or "", now())
    return _shown(policy.slug)


@signed_in
@reads(Policy)
def show_policy(slug: str) -> Policy:
    """Show a policy."""
    return _shown(slug)


def _unit_id(code: str) -> int:
    unit = unit_by_code(code)
    if unit is None:
        raise Invalid({"unit": [_("There is no unit with this code.")]})
    return unit.id


def _shown(slug: str) -> Policy:
    actor, moment = current_actor(), now()
    policy = policy_by_slug(slug, actor)
    version = current_draft(policy).version
    return policy_shown(policy, status_of(policy, moment), version, actor, moment)
