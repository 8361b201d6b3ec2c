"""What publishing would do: what changes, where sections come from, what is still missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from policyforum.drafting.ancestry import Origin, doubtful_origins
from policyforum.drafting.origins import carried_on, chosen_origins, lineage_of
from policyforum.drafting.queries import WorkingText
from policyforum.drafting.services import missing_before_publication
from policyforum.policies.models import Policy
from policyforum.policies.queries import keyed_sections
from policyforum.text import diff
from policyforum.text.headings import title_beside
from policyforum.text.keyed import keyed
from policyforum.text.renumbering import Correction, corrections
from policyforum.text.sections import Outline, split


@dataclass(frozen=True, slots=True)
class SectionLine:
    """One changed section: what it is called, what became of it, how many words."""

    label: str
    heading: str
    state: str
    label_before: str
    words_added: int
    words_removed: int


@dataclass(frozen=True, slots=True)
class Readiness:
    """`changes` and `origins` hold nothing for a first revision."""

    text: WorkingText
    outline: Outline
    number: int
    totals: diff.Totals | None
    changes: tuple[SectionLine, ...]
    states: Mapping[str, int]
    doubtful: tuple[Origin, ...]
    """Sections whose origin is not sure."""
    missing: list[dict[str, Any]]
    citations: tuple[Correction, ...] = ()
    """Citations that mean another provision than before, since sections were renumbered."""

    @property
    def is_empty(self) -> bool:
        return not self.text.source.strip()

    @property
    def is_unchanged(self) -> bool:
        return self.number > 1 and not self.changes


def readiness(policy: Policy) -> Readiness:
    """Look at the draft in force as it would be published now."""
    lineage = lineage_of(policy)
    text, outline = lineage.text, lineage.outline
    number = policy.current_revision.number + 1 if policy.current_revision else 1
    missing = missing_before_publication(policy)
    if not lineage.old:
        return Readiness(text, outline, number, None, (), {}, (), missing)
    comparison = diff.compare(lineage.old, lineage.new)
    changes = tuple(_line(change) for change in comparison.sections if change.state != diff.SAME)
    return Readiness(
        text,
        outline,
        number,
        comparison.totals,
        changes,
        Counter(line.state for line in changes),
        doubtful_origins(lineage),
        missing,
        tuple(corrections(lineage.old, lineage.new)),
    )


def citations_gone_wrong(policy: Policy, outline: Outline) -> tuple[Correction, ...]:
    """The citations of a text that mean another provision than in the policy's newest revision.

    The text may be typed and not saved yet: what drafters chose for the draft goes along with it.
    """
    old = keyed_sections(policy.current_revision_id)
    if not old:
        return ()
    carried = carried_on(old, outline, chosen_origins(policy, None, outline))
    new = keyed((entry.key for entry in carried.sections), outline.sections)
    return tuple(corrections(old, new))


def differences(before: str, after: str) -> list[diff.SectionChange]:
    """The sections that differ between two texts, in reading order."""
    first, outline = split(before).sections, split(after)
    old = keyed((f"old-{section.position}" for section in first), first)
    carried = carried_on(old, outline, {})
    new = keyed((entry.key for entry in carried.sections), outline.sections)
    return [change for change in diff.compare(old, new).sections if change.state != diff.SAME]


def _line(change: diff.SectionChange) -> SectionLine:
    shown = change.after or change.before
    if shown is None:
        raise AssertionError("a change has a text before or after it")
    return SectionLine(
        label=shown.section.label,
        heading=title_beside(shown.section.label, shown.section.heading),
        state=change.state,
        label_before=change.before.section.label if change.before else "",
        words_added=change.words_added,
        words_removed=change.words_removed,
    )
