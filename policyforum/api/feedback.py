"""Feedback items: gather, dispose, and the response matrix."""

from __future__ import annotations

from werkzeug.wrappers import Response

from policyforum.api.calls import reads, writes
from policyforum.api.presenters.feedback import feedback_shown, matrix_row
from policyforum.api.schemas.feedback import (
    Feedback,
    Matrix,
    MatrixQuery,
    NewDisposition,
    NewFeedback,
)
from policyforum.consolidation.gathered import gathered_in
from policyforum.consolidation.gathering import FeedbackData, gather
from policyforum.consolidation.items import answer_to, item_by_id
from policyforum.consolidation.matrix import matrix_rows
from policyforum.consolidation.models import FeedbackItem
from policyforum.consolidation.queries import settlements
from policyforum.consolidation.services import DispositionData, dispose
from policyforum.exports.matrix import to_csv
from policyforum.organisation.current import current_actor
from policyforum.policies.queries import policy_by_slug, revision_by_number
from policyforum.web.access import signed_in
from policyforum.web.clock import now
from policyforum.web.problems import NotFound


@signed_in
@writes(NewFeedback, Feedback, status=201, refusals=(403, 409))
def create_feedback(sent: NewFeedback, slug: str) -> Feedback:
    """Gather threads into one feedback item."""
    actor = current_actor()
    policy = policy_by_slug(slug, actor)
    data = FeedbackData(sent.revision, sent.summary, sent.threads, sent.section)
    return _shown(gather(policy, actor, data, now()))


@signed_in
@writes(NewDisposition, Feedback, refusals=(403, 409))
def set_disposition(sent: NewDisposition, item_id: str) -> Feedback:
    """Decide what is done with an item, with the reason and, if wanted, an answer in words."""
    actor = current_actor()
    item = item_by_id(item_id, actor)
    data = DispositionData(
        sent.outcome, sent.reason or "", sent.response, sent.wording, sent.summary
    )
    dispose(item, actor, data, now())
    return _shown(item)


@signed_in
@reads(Matrix, query=MatrixQuery, also=("text/csv",))
def show_matrix(query: MatrixQuery, slug: str) -> Matrix | Response:
    """The response matrix of a revision: a row for each feedback item."""
    policy = policy_by_slug(slug, current_actor())
    if query.revision is None and policy.current_revision is None:
        raise NotFound
    number = query.revision or (policy.current_revision.number if policy.current_revision else 0)
    rows = matrix_rows(revision_by_number(policy, number))
    if query.format == "csv":
        return Response(to_csv(rows).encode("utf-8"), content_type="text/csv; charset=utf-8")
    return Matrix(revision=number, items=[matrix_row(row) for row in rows], next=None)


def _shown(item: FeedbackItem) -> Feedback:
    settled = settlements([item.id]).get(item.id)
    gathered = list(gathered_in([item.id]))
    return feedback_shown(item, gathered, settled, answer_to(item))
