"""Drafting rules of Indonesian legal texts (UU 12/2011, Lampiran II): what breaks them, and where.

The reader of structure tells of numbers out of order; here is the rest. Other texts have no such
rules: nothing is found in them.
"""

from __future__ import annotations

from policyforum.text import kinds
from policyforum.text.checks_lists import list_findings
from policyforum.text.checks_numbers import number_findings
from policyforum.text.checks_references import reference_findings
from policyforum.text.checks_terms import term_findings
from policyforum.text.flaws import Flaw
from policyforum.text.sections import Outline

__all__ = ["Flaw", "check"]


def check(outline: Outline) -> list[Flaw]:
    """Every flaw of a legal text, in reading order."""
    if not any(section.kind in (kinds.PASAL, kinds.DIKTUM) for section in outline.sections):
        return []
    found = [
        *number_findings(outline),
        *reference_findings(outline),
        *list_findings(outline),
        *term_findings(outline),
    ]
    return sorted(found, key=lambda flaw: (flaw.start, flaw.end, flaw.code))
