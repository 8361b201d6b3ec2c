"""The response matrix as a file: CSV for spreadsheets, JSON for programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from flask_babel import gettext as _

from policyforum.consolidation.matrix import Contribution, MatrixRow
from policyforum.consolidation.outcomes import outcome_word
from policyforum.policies.models import Policy, Revision

BOM: Final = "\ufeff"
"""Tells Excel that the file is UTF-8."""

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the beginning of a formula, full-width forms too."""

IGNORED_BEFORE: Final = " \u00a0\u3000\u200b\ufeff\x0b\x0c"
"""What one spreadsheet or another drops from the beginning of a cell."""


def to_csv(rows: Sequence[MatrixRow]) -> str:
    """The matrix with the customary columns, for spreadsheets: UTF-8 with a byte order mark.

    A cell that a spreadsheet could take for a formula begins with an apostrophe.
    """
    out = io.StringIO()
    out.write(BOM)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_safe(_headings()))
    writer.writerows(_safe(_cells(row)) for row in rows)
    return out.getvalue()


def to_json(policy: Policy, revision: Revision, rows: Sequence[MatrixRow]) -> dict[str, Any]:
    """The matrix as data; `outcome` is None while undecided, times are UTC."""
    return {
        "policy": policy.slug,
        "title": policy.title,
        "revision": revision.number,
        "items": [_entry(row) for row in rows],
    }


def _headings() -> list[str]:
    return [
        _("No."),
        _("Provision"),
        _("Wording in the draft"),
        _("Contributor"),
        _("Summary"),
        _("Contribution"),
        _("Proposed wording"),
        _("Reason or legal basis"),
        _("Answer of the initiator"),
        _("Follow-up"),
        _("Resulting wording"),
        _("Remarks"),
    ]


def _cells(row: MatrixRow) -> list[str]:
    return [
        str(row.number),
        row.section_label,
        row.text_before,
        _lines(row.contributors),
        row.summary,
        _lines(entry.words for entry in row.contributions),
        _lines(_proposal(entry) for entry in row.contributions),
        row.reason,
        row.answer,
        outcome_word(row.outcome),
        row.text_after,
        _remarks(row),
    ]


def _proposal(entry: Contribution) -> str:
    if entry.suggestion is None:
        return ""
    return entry.suggestion or _("(to be left out)")


def _remarks(row: MatrixRow) -> str:
    numbers = ", ".join(str(entry.number) for entry in row.contributions)
    told = [_("Contributions %(numbers)s", numbers=numbers)]
    told += [
        _("Revision %(number)s, %(section)s", number=change.revision, section=change.label)
        for change in row.changes
    ]
    return "; ".join(told)


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(text for text in texts if text)


def _safe(cells: Sequence[str]) -> list[str]:
    return [
        f"'{cell}" if cell.lstrip(IGNORED_BEFORE).startswith(FORMULA_STARTS) else cell
        for cell in cells
    ]


def _entry(row: MatrixRow) -> dict[str, Any]:
    return {
        "id": row.item_id,
        "number": row.number,
        "summary": row.summary,
        "section": row.section_key,
        "section_label": row.section_label,
        "text_before": row.text_before,
        "contributors": list(row.contributors),
        "contributions": [_contribution(entry) for entry in row.contributions],
        "outcome": row.outcome,
        "reason": row.reason,
        "response": row.answer,
        "decided_at": _time(row.decided_at),
        "decided_by": row.decided_by,
        "text_after": row.text_after,
        "changes": [
            {
                "revision": change.revision,
                "section": change.section_key,
                "label": change.label,
                "start": change.start,
                "end": change.end,
            }
            for change in row.changes
        ],
        "url": row.path,
    }


def _contribution(entry: Contribution) -> dict[str, Any]:
    return {
        "thread": entry.id,
        "number": entry.number,
        "author": {"name": entry.name, "unit": entry.unit, "association": entry.association},
        "kind": entry.kind,
        "stance": entry.stance,
        "body": entry.words,
        "suggestion": None if entry.suggestion is None else {"replacement": entry.suggestion},
        "supports": entry.support_count,
        "opposes": entry.oppose_count,
    }


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")
