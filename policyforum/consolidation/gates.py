"""What is checked before anything is decided about contributions."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.policies.gates import require_under_way
from policyforum.policies.holding import lock_policy
from policyforum.policies.models import Policy, Revision, RevisionSection, Section
from policyforum.policies.permissions import may_draft
from policyforum.web.problems import Forbidden, Invalid


def lock_as_drafter(policy: Policy, actor: Actor) -> Policy:
    """The policy, held; raises `Forbidden` for whom it is not, `Closed` when it is withdrawn."""
    if not may_draft(actor, policy):
        raise Forbidden(_("Only the drafters of this policy can decide on contributions."))
    policy = lock_policy(policy.id)
    require_under_way(policy)
    return policy


def section_id_by_key(revision: Revision, key: str) -> int:
    """The id of the section with this key; raises `Invalid` when the revision has none such."""
    section_id = db.session.scalars(
        select(Section.id)
        .join(RevisionSection, RevisionSection.section_id == Section.id)
        .where(RevisionSection.revision_id == revision.id, Section.key == key)
    ).one_or_none()
    if section_id is None:
        raise Invalid({"section": [_("This revision has no such section.")]})
    return section_id
