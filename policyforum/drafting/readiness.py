"""What publishing would do: what changes, where sections come from, what is still missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policyforum.drafting.findings import SMALL
from policyforum.drafting.queries import WorkingText, working_text
from policyforum.drafting.services import missing_before_publication
from policyforum.policies.models import Policy
from policyforum.policies.queries import keyed_sections
from policyforum.text import diff, lineage
from policyforum.text.keyed import KeyedSection, keyed
from policyforum.text.renumbering import Correction, corrections
from policyforum.text.sections import Outline, Section, split

DOUBTFUL = 0.8
"""Below this score a person is asked whether the origin of a section is right."""
MOST_ASKED = 100


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
class OriginQuestion:
    """A section whose origin is in doubt.

    `choices`: (key, citation) of the earlier sections it may continue; `state` and
    `label_before` what was recognised.
    """

    position: int
    label: str
    heading: str
    state: str
    label_before: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Readiness:
    """`changes` and `origins` hold nothing for a first revision."""

    text: WorkingText
    outline: Outline
    number: int
    totals: diff.Totals | None
    changes: tuple[SectionLine, ...]
    states: Mapping[str, int]
    questions: tuple[OriginQuestion, ...]
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
    text = working_text(policy)
    outline = split(text.source)
    old = keyed_sections(policy.current_revision_id)
    number = policy.current_revision.number + 1 if policy.current_revision else 1
    missing = missing_before_publication(policy)
    if not old:
        return Readiness(text, outline, number, None, (), {}, (), missing)
    carried, new = _carried_on(old, outline)
    comparison = diff.compare(old, new)
    changes = tuple(_line(change) for change in comparison.sections if change.state != diff.SAME)
    states = Counter(line.state for line in changes)
    questions = _questions(old, outline, carried)
    return Readiness(
        text,
        outline,
        number,
        comparison.totals,
        changes,
        states,
        questions,
        missing,
        tuple(corrections(old, new)),
    )


def citations_gone_wrong(policy: Policy, outline: Outline) -> tuple[Correction, ...]:
    """The citations of a draft that mean another provision than in the revision it goes on from."""
    old = keyed_sections(policy.current_revision_id)
    return tuple(corrections(old, _carried_on(old, outline)[1])) if old else ()


def differences(before: str, after: str) -> list[diff.SectionChange]:
    """The sections that differ between two texts, in reading order."""
    first = split(before).sections
    old = keyed((f"old-{section.position}" for section in first), first)
    _carried, new = _carried_on(old, split(after))
    return [change for change in diff.compare(old, new).sections if change.state != diff.SAME]


def _carried_on(
    old: Sequence[KeyedSection], outline: Outline
) -> tuple[lineage.Carried, tuple[KeyedSection, ...]]:
    """The sections of a draft with the keys they would have if it were published."""
    fresh = (f"new-{count}" for count in range(len(outline.sections)))
    carried = lineage.carry(old, outline.sections, lambda: next(fresh))
    return carried, keyed((entry.key for entry in carried.sections), outline.sections)


def _line(change: diff.SectionChange) -> SectionLine:
    shown = change.after or change.before
    if shown is None:
        raise AssertionError("a change has a text before or after it")
    return SectionLine(
        label=shown.section.label,
        heading=_title(shown.section),
        state=change.state,
        label_before=change.before.section.label if change.before else "",
        words_added=change.words_added,
        words_removed=change.words_removed,
    )


def _questions(
    old: Sequence[KeyedSection], outline: Outline, carried: lineage.Carried
) -> tuple[OriginQuestion, ...]:
    """Ask about articles and headings that are new or hardly alike, while some have no successor.

    What is inside them follows them; a discussion that lost its ayat is placed by hand.
    """
    before = {entry.key: entry.section for entry in old}
    asked = []
    for entry in carried.sections:
        section, known = outline.sections[entry.position], before.get(entry.key)
        if section.kind in SMALL or (known is not None and entry.score >= DOUBTFUL):
            continue
        choices = [
            (key, before[key].label) for key in carried.gone if before[key].kind == section.kind
        ]
        if not choices:
            continue
        asked.append(
            OriginQuestion(
                entry.position,
                section.label,
                _title(section),
                entry.state,
                known.label if known else "",
                tuple(choices),
            )
        )
    return tuple(asked[:MOST_ASKED])


def _title(section: Section) -> str:
    return "" if section.heading == section.label else section.heading
