"""The public response matrix: what was raised on a revision, what was decided, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from policyforum.commenting.models import Thread
from policyforum.consolidation.matrix import UNDECIDED, MatrixRow, matrix_page
from policyforum.consolidation.models import FeedbackItem, FeedbackThread
from policyforum.db.session import db
from policyforum.policies.models import Policy, Revision
from policyforum.policies.queries import revisions_of
from policyforum.web.problems import NotFound


@dataclass(frozen=True, slots=True)
class Answers:
    """A page of the matrix of one revision. `counts`: contributions by outcome, or `UNDECIDED`.

    `rows` are those of the outcome asked for; `next`: the cursor of those after them; `revisions`:
    those anything was said on.
    """

    revision: Revision
    revisions: Sequence[Revision]
    rows: Sequence[MatrixRow]
    next: str | None
    counts: Mapping[str, int]
    total: int


def answers_on(policy: Policy, number: int | None, outcome: str | None, cursor: str) -> Answers:
    """The matrix of the revision asked for, else of the newest anything was decided on."""
    said, decided = _contributions(policy), _decided(policy)
    revisions = revisions_of(policy)
    spoken = [revision for revision in revisions if said.get(revision.id)]
    answered = [revision for revision in spoken if revision.id in decided]
    revision = _chosen(revisions, [*answered, *spoken], number)
    page = matrix_page(revision, outcome, cursor)
    counts = _by_outcome(revision)
    counts[UNDECIDED] = counts.get(UNDECIDED, 0) + _ungathered(revision)
    return Answers(
        revision=revision,
        revisions=spoken,
        rows=page.items,
        next=page.next,
        counts={name: count for name, count in counts.items() if count},
        total=sum(counts.values()),
    )


def _chosen(
    revisions: Sequence[Revision], likely: Sequence[Revision], number: int | None
) -> Revision:
    if number is not None:
        found = next((revision for revision in revisions if revision.number == number), None)
    else:
        found = next(iter([*likely, *revisions]), None)
    if found is None:
        raise NotFound
    return found


def _contributions(policy: Policy) -> dict[int, int]:
    rows = db.session.execute(
        select(Thread.revision_id, func.count())
        .where(Thread.policy_id == policy.id, Thread.state != "withdrawn")
        .group_by(Thread.revision_id)
    )
    return dict(rows.all())


def _decided(policy: Policy) -> set[int]:
    """The revisions with a decision on some contribution."""
    return set(
        db.session.scalars(
            select(FeedbackItem.revision_id).where(
                FeedbackItem.policy_id == policy.id, FeedbackItem.outcome.is_not(None)
            )
        )
    )


def _by_outcome(revision: Revision) -> dict[str, int]:
    """How many contributions the items of each outcome answer."""
    rows = db.session.execute(
        select(FeedbackItem.outcome, func.count())
        .join(FeedbackThread, FeedbackThread.item_id == FeedbackItem.id)
        .where(FeedbackItem.revision_id == revision.id)
        .group_by(FeedbackItem.outcome)
    )
    return {outcome or UNDECIDED: count for outcome, count in rows}


def _ungathered(revision: Revision) -> int:
    """How many contributions no item answers yet."""
    return db.session.scalars(
        select(func.count())
        .select_from(Thread)
        .where(
            Thread.revision_id == revision.id,
            Thread.state != "withdrawn",
            Thread.id.not_in(select(FeedbackThread.thread_id)),
        )
    ).one()
