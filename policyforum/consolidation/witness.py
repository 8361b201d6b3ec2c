"""What the tables of answers hold now for entries of the audit record."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence

from sqlalchemy import select

from policyforum.audit.chain import Entry
from policyforum.audit.witnesses import Told, Witness, Witnesses
from policyforum.consolidation.models import Answer, Disposition, FeedbackItem
from policyforum.db.session import db


def _of_items(entries: Sequence[Entry]) -> Iterator[Told]:
    items = _items(entries)
    for entry in entries:
        if (item := items.get(entry.subject)) is not None:
            yield entry.seq, "number", item.number
            if "summary_commitment" in json.loads(entry.facts):  # not all earlier ones have it
                yield entry.seq, "summary", item.summary


def _of_dispositions(entries: Sequence[Entry]) -> Iterator[Told]:
    items = _items(entries)
    ids = [item.id for item in items.values()]
    decided = defaultdict(list)
    for disposition in db.session.scalars(select(Disposition).where(Disposition.item_id.in_(ids))):
        decided[disposition.item_id, disposition.decided_at].append(disposition)
    answers = defaultdict(list)
    query = select(Answer).where(Answer.item_id.in_(ids)).order_by(Answer.id)
    for answer in db.session.scalars(query):
        answers[answer.item_id].append(answer)
    for entry in entries:
        if (item := items.get(entry.subject)) is None:
            continue
        yield entry.seq, "number", item.number
        for disposition in decided[item.id, entry.at]:
            yield entry.seq, "outcome", disposition.outcome
            yield entry.seq, "reason", disposition.reason
        for response in _responses(entry, answers[item.id]):
            yield entry.seq, "response", response


def _responses(entry: Entry, answers: Sequence[Answer]) -> list[str]:
    """What may have been answered then: a new answer, or none, or the one given before again."""
    given = [answer.body for answer in answers if answer.written_at == entry.at]
    if given:
        return given
    return ["", *[answer.body for answer in answers if answer.written_at < entry.at][-1:]]


def _items(entries: Sequence[Entry]) -> dict[str, FeedbackItem]:
    subjects = {entry.subject for entry in entries}
    rows = db.session.scalars(select(FeedbackItem).where(FeedbackItem.public_id.in_(subjects)))
    return {item.public_id: item for item in rows}


WITNESSES: Witnesses = {
    **dict.fromkeys(
        ("feedback.gathered", "feedback.changed"),
        Witness(
            ("number", "summary"),
            _of_items,
            replaced_by=("feedback.gathered", "feedback.changed"),
        ),
    ),
    "feedback.disposed": Witness(("number", "outcome", "reason", "response"), _of_dispositions),
}
