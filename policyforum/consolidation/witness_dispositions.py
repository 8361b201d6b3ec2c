"""What the tables of dispositions and answers hold now for entries of the audit record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from sqlalchemy import func, select

from policyforum.accounts.models import Account
from policyforum.audit.chain import Entry
from policyforum.audit.witnesses import Amiss, Told, untold
from policyforum.consolidation.models import Answer, Disposition, FeedbackItem
from policyforum.consolidation.witness_items import rows_of_items
from policyforum.db.session import db


def of_dispositions(entries: Sequence[Entry]) -> Iterator[Told]:
    items = rows_of_items(entries)
    ids = [row.FeedbackItem.id for row in items.values()]
    decided = defaultdict(list)
    for disposition, account in db.session.execute(
        select(Disposition, Account.public_id)
        .join(Account, Account.id == Disposition.decided_by_id)
        .where(Disposition.item_id.in_(ids))
    ):
        decided[disposition.item_id, disposition.decided_at].append((disposition, account))
    answers = defaultdict(list)
    query = (
        select(Answer, Account.public_id)
        .join(Account, Account.id == Answer.written_by_id)
        .where(Answer.item_id.in_(ids))
        .order_by(Answer.id)
    )
    for answer, account in db.session.execute(query):
        answers[answer.item_id].append((answer, account))
    for entry in entries:
        if (row := items.get(entry.subject)) is None:
            continue
        item = row.FeedbackItem
        yield entry.seq, "policy", row.policy
        yield entry.seq, "number", item.number
        for disposition, account in decided[item.id, entry.at]:
            yield entry.seq, "actor", account
            yield entry.seq, "outcome", disposition.outcome
            yield entry.seq, "reason", disposition.reason
            yield entry.seq, "wording", disposition.wording
        for answer in _given(entry, answers[item.id]):
            yield entry.seq, "html", answer.html
        for response in _responses(entry, answers[item.id]):
            yield entry.seq, "response", response


def _responses(entry: Entry, answers: Sequence[tuple[Answer, str]]) -> list[str]:
    """What may have been answered then: a new answer, or none, or the one given before again."""
    given = [answer.body for answer in _given(entry, answers)]
    if given:
        return given
    return ["", *[answer.body for answer, _who in answers if answer.written_at < entry.at][-1:]]


def _given(entry: Entry, answers: Sequence[tuple[Answer, str]]) -> list[Answer]:
    return [a for a, who in answers if (a.written_at, who) == (entry.at, entry.actor_id)]


def amiss() -> Iterable[Amiss]:
    item = select(FeedbackItem.public_id)
    dispositions = item.add_columns(Disposition.decided_at).join(
        Disposition, Disposition.item_id == FeedbackItem.id
    )
    answers = item.add_columns(Answer.written_at).join(Answer, Answer.item_id == FeedbackItem.id)
    return chain(
        untold("dispositions", dispositions, "feedback.disposed"),
        untold("answers", answers, "feedback.disposed"),
        _decided_otherwise(),
    )


def _decided_otherwise() -> Iterator[Amiss]:
    """Items whose outcome is not their latest disposition's."""
    last = (
        select(Disposition.item_id, func.max(Disposition.id).label("id"))
        .group_by(Disposition.item_id)
        .subquery()
    )
    items = db.session.scalars(
        select(FeedbackItem.public_id)
        .outerjoin(last, last.c.item_id == FeedbackItem.id)
        .outerjoin(Disposition, Disposition.id == last.c.id)
        .where(FeedbackItem.outcome.is_distinct_from(Disposition.outcome))
        .limit(1)
    )
    return (("feedback_items.outcome", item) for item in items)
