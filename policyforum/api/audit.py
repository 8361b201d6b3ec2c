"""The audit record of a policy."""

from __future__ import annotations

import json

from policyforum.api.calls import reads
from policyforum.api.schemas.base import Paging
from policyforum.api.schemas.record import AuditEntry, AuditList
from policyforum.audit.chain import timestamp
from policyforum.audit.queries import entries_of
from policyforum.commenting.permissions import may_know_who
from policyforum.organisation.current import current_actor
from policyforum.policies.permissions import may_audit
from policyforum.policies.queries import policy_by_slug
from policyforum.web.access import signed_in
from policyforum.web.form_pages import require
from policyforum.web.paging import decode_cursor, page_of


@signed_in
@reads(AuditList, query=Paging, refusals=(403,))
def list_audit(query: Paging, slug: str) -> AuditList:
    """What happened to a policy, oldest first, with the hashes that chain the entries."""
    actor = current_actor()
    policy = policy_by_slug(slug, actor)
    require(may_audit(actor, policy))
    after = decode_cursor(query.cursor, (int,))
    rows = entries_of(policy.public_id, int(after[0]) if after else 0, query.limit + 1)
    page = page_of(rows, query.limit, lambda entry: [entry.seq])
    return AuditList(
        items=[
            AuditEntry(
                seq=entry.seq,
                at=timestamp(entry.at),
                actor=entry.actor_id if may_know_who(actor, policy, entry.verb) else "",
                verb=entry.verb,
                subject=entry.subject,
                policy=entry.policy,
                facts=json.loads(entry.facts),
                prev_hash=entry.prev_hash,
                hash=entry.hash,
            )
            for entry in page.items
        ],
        next=page.next,
    )
