"""Where the sections of a draft come from: what is recognised, and what a drafter says instead.

A choice holds for the draft as it was looked at; when the draft is written on, it goes along with
its section. The next revision is published by it, and then it is used up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from flask_babel import gettext as _
from sqlalchemy import delete, select

from policyforum.db.session import db
from policyforum.drafting.models import OriginChoice
from policyforum.drafting.queries import WorkingText, save_by_version, working_text
from policyforum.organisation.actor import Actor
from policyforum.policies.gates import require_under_way
from policyforum.policies.holding import lock_policy
from policyforum.policies.models import Policy, Section
from policyforum.policies.permissions import may_draft
from policyforum.policies.queries import keyed_sections
from policyforum.text.keyed import KeyedSection, keyed
from policyforum.text.lineage import Carried, carry
from policyforum.text.sections import Outline, split
from policyforum.web.problems import Forbidden, Invalid, Stale

NEW = ""
"""Chosen for a section that continues no earlier one."""


@dataclass(frozen=True, slots=True)
class Lineage:
    """A draft beside the revision it goes on from (`old`; none before the first).

    `chosen`: the earlier key a drafter chose for a section, by position; NEW for a new one.
    """

    text: WorkingText
    outline: Outline
    old: Sequence[KeyedSection]
    new: Sequence[KeyedSection]
    carried: Carried
    chosen: Mapping[int, str]


def lineage_of(policy: Policy) -> Lineage:
    """The draft in force with the keys its sections would have if it were published now."""
    text = working_text(policy)
    outline = split(text.source)
    old = keyed_sections(policy.current_revision_id)
    chosen = chosen_origins(policy, text.version, outline)
    carried = carried_on(old, outline, chosen)
    new = keyed((entry.key for entry in carried.sections), outline.sections)
    return Lineage(text, outline, old, new, carried, chosen)


def carried_on(old: Sequence[KeyedSection], outline: Outline, chosen: Mapping[int, str]) -> Carried:
    """As `lineage.carry`; the keys of new sections are good for nothing but telling them apart."""
    fresh = (f"new-{count}" for count in range(len(outline.sections)))
    return carry(old, outline.sections, lambda: next(fresh), chosen)


def chosen_origins(policy: Policy, version: int | None, outline: Outline) -> dict[int, str]:
    """What drafters chose, for the sections of the draft at `version`, which is `outline`.

    No version: of a text that is not saved. Of two choices for one section, or of one earlier
    section, the later counts.
    """
    rows = db.session.execute(
        select(OriginChoice.version, OriginChoice.position, Section.key)
        .outerjoin(Section, Section.id == OriginChoice.previous_section_id)
        .where(OriginChoice.policy_id == policy.id)
        .order_by(OriginChoice.id)
    ).all()
    chosen: dict[int, str] = {}
    for then, choices in groupby(rows, key=lambda row: row.version):
        places = places_now(policy, then, version, outline)
        for _then, position, key in choices:
            if position not in places:
                continue
            if key is not None:
                chosen = {at: other for at, other in chosen.items() if other != key}
            chosen[places[position]] = NEW if key is None else key
    return chosen


def places_now(policy: Policy, then: int, version: int | None, outline: Outline) -> dict[int, int]:
    """Where the sections of the save `then` stand in the draft at `version`, by position."""
    if then == version:
        return {section.position: section.position for section in outline.sections}
    earlier = split(save_by_version(policy, then).source).sections
    names = {str(section.position): section.position for section in earlier}
    carried = carried_on(keyed(names, earlier), outline, {})
    return {names[one.key]: one.position for one in carried.sections if one.key in names}


def choose_origin(
    policy: Policy, actor: Actor, version: int, position: int, key: str | None, now: datetime
) -> None:
    """Say which earlier section one of the draft's continues: its key, or NEW.

    None takes back what was chosen before. Raises `Forbidden` for whom it is not, `Closed` when the
    policy is withdrawn, `Stale` when the draft is no longer at `version`, `Invalid` when either
    section is not there or the earlier one is chosen for another already.
    """
    if not may_draft(actor, policy):
        raise Forbidden(_("Only the drafters of this policy can change its draft."))
    lock_policy(policy.id)
    require_under_way(policy)
    text = working_text(policy)
    if text.version != version:
        raise Stale(
            _("The draft was changed"),
            _("The draft was changed after you looked at it. Look again."),
        )
    outline = split(text.source)
    chosen = chosen_origins(policy, version, outline)
    chosen.pop(position, None)
    if key is not None:
        _require_free(outline, chosen, position, key)
        chosen[position] = key
    _keep(policy, actor, version, chosen, now)


def forget_choices(policy: Policy) -> None:
    """The revision is published: what was chosen for it is used up."""
    db.session.execute(delete(OriginChoice).where(OriginChoice.policy_id == policy.id))


def _require_free(outline: Outline, chosen: Mapping[int, str], position: int, key: str) -> None:
    if not 0 <= position < len(outline.sections):
        raise Invalid({"origin": [_("The draft has no such section.")]})
    taken = [at for at, other in chosen.items() if key and other == key]
    if taken:
        label = outline.sections[taken[0]].label
        raise Invalid({"origin": [_("You chose this for %(label)s already.", label=label)]})


def _keep(
    policy: Policy, actor: Actor, version: int, chosen: Mapping[int, str], now: datetime
) -> None:
    """Everything chosen, as of this version, in place of what was there."""
    ids: dict[str, int] = {
        key: row_id
        for row_id, key in db.session.execute(
            select(Section.id, Section.key).where(
                Section.policy_id == policy.id, Section.key.in_(set(chosen.values()))
            )
        )
    }
    if any(key and key not in ids for key in chosen.values()):
        raise Invalid({"origin": [_("This revision has no such section.")]})
    forget_choices(policy)
    db.session.add_all(
        OriginChoice(
            policy_id=policy.id,
            version=version,
            position=position,
            previous_section_id=ids.get(key),
            chosen_at=now,
            chosen_by_id=actor.account_id,
        )
        for position, key in sorted(chosen.items())
    )
    db.session.flush()
