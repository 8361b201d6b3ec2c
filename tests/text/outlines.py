"""A short notation for outlines, so that tests can say the whole tree they expect."""

from __future__ import annotations

from policyforum.text.sections import Outline, ancestors


def labels(outline: Outline) -> list[str]:
    """Every section's citation in order."""
    return [section.label for section in outline.sections]


def tree(outline: Outline) -> list[str]:
    """Every section as "kind number", indented by its depth."""
    return [
        "  " * len(ancestors(outline, section.position))
        + f"{section.kind} {section.number}".strip()
        for section in outline.sections
    ]


def codes(outline: Outline) -> list[tuple[int, str]]:
    """Every doubt as (line, code)."""
    return [(finding.line, finding.code) for finding in outline.warnings]
