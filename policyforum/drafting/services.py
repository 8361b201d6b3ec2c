"""Writing the draft together, and publishing it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from policyforum.db.session import db
from policyforum.drafting.models import Draft, DraftSave
from policyforum.drafting.origins import chosen_origins, forget_choices
from policyforum.drafting.queries import (
    current_draft,
    last_kept_aside,
    last_version,
    revision_published_from,
    save_by_version,
    working_text,
)
from policyforum.organisation.actor import Actor
from policyforum.policies.gates import require_under_way
from policyforum.policies.holding import lock_policy
from policyforum.policies.models import Policy, Revision
from policyforum.policies.permissions import may_draft
from policyforum.policies.queries import keyed_sections
from policyforum.policies.recording import new_section_key, record_revision
from policyforum.policies.rounds import conclude_round
from policyforum.policies.services import PolicyData, create_policy
from policyforum.text import lineage
from policyforum.text.merge import Merged, merge3
from policyforum.text.sections import split
from policyforum.web.formats import number
from policyforum.web.problems import Forbidden, Invalid, NotFound, Stale, Unmet
from policyforum.web.texts import checked_text, require_storable

LARGEST_SOURCE = 5 * 1024 * 1024
LONGEST_NOTE = 5_000


@dataclass(frozen=True, slots=True)
class PublishData:
    change_note: str
    draft_version: int


def start_policy(
    actor: Actor, data: PolicyData, source: str, now: datetime, *, cause: str = "created"
) -> Policy:
    """Open a policy with its working draft; `cause`: created or imported."""
    source = checked_source(source)
    policy = create_policy(actor, data, now)
    db.session.add(Draft(policy_id=policy.id, version=1, based_on=None))
    db.session.add(
        DraftSave(
            policy_id=policy.id,
            version=1,
            base_version=None,
            cause=cause,
            source=source,
            saved_at=now,
            saved_by_id=actor.account_id,
        )
    )
    db.session.flush()
    return policy


def save_draft(policy: Policy, actor: Actor, source: str, version: int, now: datetime) -> Draft:
    """Save the draft, written on top of `version`.

    Raises `Stale` when another version is in force; its `extra` holds `current` (version, source)
    and `merged` (source, conflicts), the three-way merge of both.
    """
    _require_writable(policy, actor)
    source = checked_source(source)
    text = working_text(policy)
    if source == text.source:
        return current_draft(policy)
    if version != text.version:
        merged = _merge(policy, source, text.source, version)
        raise Stale(
            _("The draft was saved by someone else"),
            _("Someone else saved this draft in the meantime."),
            extra={
                "current": {"version": text.version, "source": text.source},
                "merged": {
                    "source": merged.source,
                    "conflicts": [asdict(conflict) for conflict in merged.conflicts],
                },
            },
        )
    return _keep(policy, actor, source, "typed", version, now)


def save_merged(policy: Policy, actor: Actor, source: str, version: int, now: datetime) -> Draft:
    """Save like `save_draft`, but merge with what others saved since, where nothing collides.

    Raises `Stale` as `save_draft` does, only when both changed the same words.
    """
    try:
        return save_draft(policy, actor, source, version, now)
    except Stale as stale:
        merged = stale.extra["merged"]
        if merged["conflicts"]:
            raise
        if merged["source"] == stale.extra["current"]["source"]:
            return current_draft(policy)
        return _keep(policy, actor, merged["source"], "merged", version, now)


def keep_aside(policy: Policy, actor: Actor, source: str, version: int, now: datetime) -> int:
    """Keep what could not be merged among the saves, beside the draft in force; → its number."""
    _require_writable(policy, actor)
    kept = last_kept_aside(policy, actor)
    if kept is not None and kept.source == source:
        return kept.version
    number = last_version(policy) + 1
    db.session.add(_save(policy, actor, checked_source(source), "aside", version, number, now))
    db.session.flush()
    return number


def restore_save(policy: Policy, actor: Actor, version: int, now: datetime) -> Draft:
    """Make the words of an earlier save the draft again, as a new save."""
    _require_writable(policy, actor)
    earlier = save_by_version(policy, version)
    return _keep(policy, actor, earlier.source, "restored", current_draft(policy).version, now)


def keep_drawn_up(policy: Policy, actor: Actor, source: str, now: datetime) -> Draft:
    """Save a text made of the draft and the wordings agreed on."""
    _require_writable(policy, actor)
    version = current_draft(policy).version
    return _keep(policy, actor, checked_source(source), "drawn_up", version, now)


def publish_draft(policy: Policy, actor: Actor, data: PublishData, now: datetime) -> Revision:
    """Make the draft the policy's next revision; the only way a revision comes about.

    Raises `Invalid` for an empty draft or change note, `Stale` when the draft is no longer at
    `draft_version` (`extra`: `current`, and `published` when that version was published), `Unmet`
    with what is missing when a gate is shut. The round before is closed and concluded.
    """
    _require_writable(policy, actor)
    change_note = checked_text("change_note", data.change_note, LONGEST_NOTE)
    text = working_text(policy)
    if text.version != data.draft_version:
        raise _overtaken(policy, data.draft_version, text.version)
    if not text.source.strip():
        raise Invalid({"source": [_("The draft is empty. Write the text first.")]})
    if missing := missing_before_publication(policy):
        raise Unmet(_("Contributions without an answer hold up the next revision."), missing)
    outline = split(text.source)
    chosen = chosen_origins(policy, text.version, outline)
    old = keyed_sections(policy.current_revision_id)
    carried = lineage.carry(old, outline.sections, new_section_key, chosen)
    conclude_round(policy, actor, now)
    revision = record_revision(
        policy,
        actor,
        source=text.source,
        change_note=change_note,
        outline=outline,
        carried=carried,
        now=now,
    )
    draft = _keep(policy, actor, text.source, "published", text.version, now)
    draft.based_on = revision.number
    forget_choices(policy)
    db.session.flush()
    return revision


def missing_before_publication(policy: Policy) -> list[dict[str, Any]]:
    """What the gates of `wiring.py` still want before the next revision."""
    gates = current_app.extensions["policyforum.gates"]
    return [entry for gate in gates for entry in gate(policy)]


def checked_source(source: str) -> str:
    """The source as it is; raises `Invalid` for one that can not be kept."""
    require_storable("source", source)
    size = len(source.encode("utf-8"))
    if size > LARGEST_SOURCE:
        megabytes = number(round(size / 1024 / 1024, 1))
        raise Invalid(
            {"source": [_("The text has %(size)s MB. 5 MB is the most.", size=megabytes)]}
        )
    return source


def _require_writable(policy: Policy, actor: Actor) -> None:
    """Lock the policy; a draft is no one else's to write, and ends with its policy."""
    if not may_draft(actor, policy):
        raise Forbidden(_("Only the drafters of this policy can change its draft."))
    lock_policy(policy.id)
    require_under_way(policy)


def _merge(policy: Policy, ours: str, theirs: str, version: int) -> Merged:
    try:
        base = save_by_version(policy, version)
    except NotFound:
        raise Invalid({"version": [_("There is no such version of the draft.")]}) from None
    return merge3(base.source, ours, theirs)


def _keep(
    policy: Policy, actor: Actor, source: str, cause: str, base_version: int, now: datetime
) -> Draft:
    """Append a save and make it the draft in force."""
    draft = current_draft(policy)
    draft.version = last_version(policy) + 1
    db.session.add(_save(policy, actor, source, cause, base_version, draft.version, now))
    db.session.flush()
    return draft


def _save(
    policy: Policy,
    actor: Actor,
    source: str,
    cause: str,
    base_version: int,
    version: int,
    now: datetime,
) -> DraftSave:
    return DraftSave(
        policy_id=policy.id,
        version=version,
        base_version=base_version,
        cause=cause,
        source=source,
        saved_at=now,
        saved_by_id=actor.account_id,
    )


def _overtaken(policy: Policy, asked: int, version: int) -> Stale:
    extra: dict[str, Any] = {"current": {"version": version}}
    published = revision_published_from(policy, asked)
    if published is None:
        return Stale(
            _("The draft was changed"),
            _("The draft was changed after you looked at it. Look again."),
            extra=extra,
        )
    extra["published"] = published
    message = _("Revision %(number)s is already published from this draft.", number=published)
    return Stale(_("The revision is already published"), message, extra=extra)
