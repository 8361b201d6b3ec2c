"""Helpers for tests that take a text to its next revision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from policyforum.text.diff import Comparison, SectionChange, compare
from policyforum.text.keyed import KeyedSection, keyed
from policyforum.text.lineage import Carried, carry
from policyforum.text.sections import split


def first(source: str) -> tuple[KeyedSection, ...]:
    """A first revision; each section's key is its label, as far as that is unique."""
    sections = split(source).sections
    labels = [section.label for section in sections]
    return keyed(
        (
            label if labels.count(label) == 1 else f"{label} #{at}"
            for at, label in enumerate(labels)
        ),
        sections,
    )


def carried(
    old: Sequence[KeyedSection], source: str, overrides: Mapping[int, str] | None = None
) -> tuple[Carried, tuple[KeyedSection, ...]]:
    """Carry keys to the next text; new keys are "new 0", "new 1" …"""
    sections = split(source).sections
    numbers = iter(range(len(sections) + 1))
    lineage = carry(old, sections, lambda: f"new {next(numbers)}", overrides)
    return lineage, keyed((section.key for section in lineage.sections), sections)


def revised(source: str, changed: str) -> tuple[Carried, dict[str, str], dict[str, str]]:
    """Carry one text to another: the lineage, then key → state and key → new label."""
    lineage, new = carried(first(source), changed)
    states = {section.key: section.state for section in lineage.sections}
    return lineage, states, {entry.key: entry.section.label for entry in new}


def compared(source: str, changed: str) -> Comparison:
    """Compare two texts by way of their lineage."""
    old = first(source)
    return compare(old, carried(old, changed)[1])


def before(change: SectionChange) -> str:
    """The old text a change tells of, from its spans where it has any."""
    if not change.spans:
        return change.before.section.text if change.before else ""
    return "".join(span.text for span in change.spans if span.op != "insert")


def after(change: SectionChange) -> str:
    """The new text a change tells of, from its spans where it has any."""
    if not change.spans:
        return change.after.section.text if change.after else ""
    return "".join(span.text for span in change.spans if span.op != "delete")


def shorthand(change: SectionChange) -> str:
    """A change's spans in one line: [-deleted-]{+inserted+}."""
    marks = {"equal": "{}", "insert": "{{+{}+}}", "delete": "[-{}-]"}
    return "".join(marks[span.op].format(span.text) for span in change.spans)
