"""Accepted wording flows into the working draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from policyforum.audit.record import Event, record
from policyforum.consolidation.models import AppliedSuggestion
from policyforum.consolidation.wordings import Wording, agreed_wordings, edit_of
from policyforum.db.session import db
from policyforum.drafting.queries import current_draft, current_source
from policyforum.drafting.services import keep_drawn_up
from policyforum.organisation.actor import Actor
from policyforum.policies.gates import require_under_way
from policyforum.policies.holding import lock_policy
from policyforum.policies.models import Policy, Revision
from policyforum.policies.permissions import may_draft
from policyforum.policies.queries import sections_of
from policyforum.text import merge, suggestions
from policyforum.web.problems import Forbidden


@dataclass(frozen=True, slots=True)
class DrawnUp:
    """What came of it: numbers of the items whose wording went in, and of those that could not."""

    version: int
    taken_in: tuple[int, ...]
    left_out: tuple[int, ...]


def draw_up(policy: Policy, actor: Actor, now: datetime) -> DrawnUp:
    """Put every agreed wording that is not in yet into the working draft.

    The wordings are applied to the published text together, and the outcome is merged three-way
    with what the drafters wrote since. Wordings that overlap each other, or words the drafters
    changed themselves, are left out and named. Raises `Forbidden` for whom it is not, `Closed` when
    the policy is withdrawn, `Invalid` when the draft would be too long.
    """
    if not may_draft(actor, policy):
        raise Forbidden(_("Only the drafters of this policy can write its next text."))
    lock_policy(policy.id)
    require_under_way(policy)
    revision, draft = policy.current_revision, current_draft(policy)
    wordings = agreed_wordings(policy) if revision else []
    if revision is None or not wordings:
        return DrawnUp(draft.version, (), ())
    source, refused = _with_wordings(revision, current_source(policy), wordings)
    taken = [wording for wording in wordings if wording.thread.public_id not in refused]
    if taken:
        keep_drawn_up(policy, actor, source, now)
        _remember(taken, draft.version, policy, actor, now)
    return DrawnUp(
        draft.version,
        tuple(sorted({wording.item.number for wording in taken})),
        tuple(sorted({w.item.number for w in wordings if w.thread.public_id in refused})),
    )


def _with_wordings(
    revision: Revision, draft_source: str, wordings: list[Wording]
) -> tuple[str, frozenset[str]]:
    """The draft with the wordings in it, and the public ids of threads whose wording is not."""
    sections = sections_of(revision.id)
    source, refused = draft_source, set[str]()
    edits = [edit_of(wording, sections, revision.source) for wording in wordings]
    together = suggestions.apply(revision.source, edits)
    refused.update(wording.thread.public_id for wording in wordings)
    refused.difference_update(together.applied)
    merged = merge.merge3(revision.source, draft_source, together.source)
    if not merged.conflicts:
        return merged.source, frozenset(refused)
    # Something touches words the drafters changed: take them one by one, to refuse only those.
    for edit in edits:
        if edit.ref in refused:
            continue
        alone = suggestions.apply(revision.source, [edit]).source
        merged = merge.merge3(revision.source, source, alone)
        if merged.conflicts:
            refused.add(edit.ref)
        else:
            source = merged.source
    return source, frozenset(refused)


def _remember(
    taken: list[Wording], version: int, policy: Policy, actor: Actor, now: datetime
) -> None:
    db.session.add_all(
        AppliedSuggestion(
            item_id=wording.item.id,
            thread_id=wording.thread.id,
            draft_version=version,
            applied_at=now,
            applied_by_id=actor.account_id,
        )
        for wording in taken
    )
    record(
        Event(
            "suggestions.applied",
            actor.public_id,
            now,
            policy.public_id,
            policy.public_id,
            {"draft": version, "threads": [wording.thread.public_id for wording in taken]},
        )
    )
