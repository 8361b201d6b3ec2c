"""What is checked before anything is decided about contributions."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.policies.models import Policy, Revision, RevisionSection, Section
from policyforum.policies.permissions import may_draft
from policyforum.web.problems import Forbidden, Invalid


def require_drafter(policy: Policy, actor: Actor) -> None:
    if not may_draft(actor, policy):
        raise Forbidden(_("Only the drafters of this policy can decide on contributions."))


def section_id_by_key(revision: Revision, key: str) -> int:
    section_id = db.session.scalars(
        select(Section.id)
        .join(RevisionSection, RevisionSection.section_id == Section.id)
        .where(RevisionSection.revision_id == revision.id, Section.key == key)
    ).one_or_none()
    if section_id is None:
        raise Invalid({"section": [_("This revision has no such section.")]})
    return section_id
