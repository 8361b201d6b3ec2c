"""Feedback items and the response matrix as the API tells them."""

from __future__ import annotations

from collections.abc import Sequence

from policyforum.api.presenters.addresses import page_url
from policyforum.api.schemas import feedback as shapes
from policyforum.consolidation.gathered import Gathered
from policyforum.consolidation.items import path_of
from policyforum.consolidation.matrix import MatrixRow
from policyforum.consolidation.models import Answer, FeedbackItem
from policyforum.consolidation.queries import ChangedWords, Settlement
from policyforum.consolidation.summaries import summary_shown


def feedback_shown(
    item: FeedbackItem,
    gathered: Sequence[Gathered],
    settled: Settlement | None,
    answer: Answer | None,
) -> shapes.Feedback:
    return shapes.Feedback(
        id=item.public_id,
        number=item.number,
        url=page_url(path_of(item)),
        revision=item.revision.number,
        section=item.section.key if item.section else None,
        summary=summary_shown(item.summary, gathered),
        threads=[entry.thread.public_id for entry in gathered],
        disposition=_disposition(settled) if settled else None,
        response=answer.body if answer else None,
        response_html=answer.html if answer else None,
        changes=_changes(settled.changes) if settled else [],
        created_at=item.created_at,
    )


def matrix_row(row: MatrixRow) -> shapes.MatrixRow:
    return shapes.MatrixRow.model_validate(
        {
            "id": row.item_id,
            "number": row.number,
            "url": page_url(row.path),
            "summary": row.summary,
            "section": row.section_key,
            "label": row.section_label,
            "text_before": row.text_before,
            "contributions": [
                {
                    "thread": entry.id,
                    "number": entry.number,
                    "contributor": entry.contributor,
                    "kind": entry.kind,
                    "stance": entry.stance,
                    "body": entry.words,
                    "suggestion": entry.suggestion,
                }
                for entry in row.contributions
            ],
            "outcome": row.outcome,
            "reason": row.reason,
            "response": row.answer,
            "text_after": row.text_after,
            "changes": _changes(row.changes),
            "decided_at": row.decided_at,
            "decided_by": row.decided_by,
        }
    )


def _disposition(settled: Settlement) -> shapes.Disposition:
    return shapes.Disposition.model_validate(
        {
            "outcome": settled.outcome,
            "reason": settled.reason,
            "wording": settled.wording,
            "decided_at": settled.decided_at,
            "decided_by": settled.decided_by,
        }
    )


def _changes(changes: Sequence[ChangedWords]) -> list[shapes.ChangedWords]:
    return [
        shapes.ChangedWords(
            revision=change.revision,
            section=change.section_key,
            label=change.label,
            start=change.start,
            end=change.end,
            text=change.words,
            url=page_url(change.path),
        )
        for change in changes
    ]
