"""Deciding on feedback items, and answering. For making them see `gathering`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from policyforum.audit.record import Event, record
from policyforum.commenting.models import Thread
from policyforum.consolidation.gates import lock_as_drafter
from policyforum.consolidation.gathering import LONGEST_SUMMARY, FeedbackData, gather
from policyforum.consolidation.models import (
    OUTCOMES,
    TAKEN_UP,
    Answer,
    Disposition,
    FeedbackItem,
    FeedbackThread,
)
from policyforum.consolidation.settling import settle_threads, threads_of
from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.policies.models import Policy
from policyforum.text.markdown import to_html
from policyforum.web.problems import Invalid, Stale
from policyforum.web.texts import checked_line, checked_text

LONGEST_REASON = 10_000


@dataclass(frozen=True, slots=True)
class DispositionData:
    """`wording`: what goes into the next draft instead of the commented words.

    None: what was proposed, if it is accepted; "": nothing. Only what is accepted, in full or in
    part, goes into the draft at all. `summary`: what the item is called from now on; None: as
    before.
    """

    outcome: str
    reason: str
    response: str | None = None
    wording: str | None = None
    summary: str | None = None


def dispose_threads(
    policy: Policy,
    actor: Actor,
    gathered: FeedbackData,
    decided: DispositionData,
    now: datetime,
) -> FeedbackItem:
    """Make an item of threads nobody has taken up yet, and decide on it at once.

    Raises `Stale` when somebody took one of them into an item in the meantime; else as `gather`
    and `dispose`.
    """
    lock_as_drafter(policy, actor)
    taken = db.session.scalars(
        select(Thread.number)
        .join(FeedbackThread, FeedbackThread.thread_id == Thread.id)
        .where(Thread.public_id.in_(gathered.threads))
        .limit(1)
    ).one_or_none()
    if taken is not None:
        raise Stale(
            _("The contribution was taken up"),
            _("Contribution %(number)s was taken up in the meantime.", number=taken),
        )
    item = gather(policy, actor, gathered, now)
    dispose(item, actor, decided, now)
    return item


def dispose(
    item: FeedbackItem,
    actor: Actor,
    data: DispositionData,
    now: datetime,
    *,
    seen: int | None = None,
) -> Disposition:
    """Decide what is done with an item, with the reason and, if given, the answer in words.

    `seen`: how many dispositions of it the actor had in view. Raises `Stale` if there are more by
    now, `Forbidden` for whom it is not, `Closed` when the policy is withdrawn, `Invalid` for a
    field that can't be taken.
    """
    policy = lock_as_drafter(item.policy, actor)
    db.session.refresh(item)  # somebody may have decided on it while we waited
    if seen is not None and seen != _count_dispositions(item):
        raise Stale(
            _("The item was decided on"), _("Somebody else decided on this item in the meantime.")
        )
    _summarise(item, actor, data.summary, now)
    disposition = Disposition(
        item_id=item.id,
        outcome=_outcome(data.outcome),
        reason=_reason(data),
        wording=_wording(data),
        state="published",
        decided_at=now,
        decided_by_id=actor.account_id,
    )
    db.session.add(disposition)
    item.outcome = disposition.outcome
    response = _optional_text("response", data.response)
    answer = None
    if response and response != _answer_so_far(item):
        answer = _answer(item, actor, response, now)
        db.session.add(answer)
    settle_threads(threads_of(item), now)
    db.session.flush()
    record(
        Event(
            "feedback.disposed",
            actor.public_id,
            now,
            item.public_id,
            policy.public_id,
            {"number": item.number, "outcome": disposition.outcome, **_no_wording(disposition)},
            _words(disposition, response or "", answer),
            row=item,
        )
    )
    return disposition


def _no_wording(disposition: Disposition) -> dict[str, None]:
    return {"wording": None} if disposition.wording is None else {}


def _words(disposition: Disposition, response: str, answer: Answer | None) -> dict[str, str]:
    words = {"reason": disposition.reason, "response": response}
    if disposition.wording is not None:
        words["wording"] = disposition.wording
    if answer is not None:
        words["html"] = answer.html
    return words


def _summarise(item: FeedbackItem, actor: Actor, summary: str | None, now: datetime) -> None:
    """Call the item something else: its contributors' words may be withdrawn or hidden by now."""
    if summary is None or summary == item.summary:
        return
    item.summary = checked_line("summary", summary, LONGEST_SUMMARY)
    record(
        Event(
            "feedback.changed",
            actor.public_id,
            now,
            item.public_id,
            item.policy.public_id,
            {"number": item.number},
            {"summary": item.summary},
            row=item,
        )
    )


def _count_dispositions(item: FeedbackItem) -> int:
    return db.session.scalars(
        select(func.count()).select_from(Disposition).where(Disposition.item_id == item.id)
    ).one()


def _outcome(outcome: str) -> str:
    if outcome not in OUTCOMES:
        raise Invalid({"outcome": [_("Choose what is done with this contribution.")]})
    return outcome


def _reason(data: DispositionData) -> str:
    compulsory = data.outcome != "accepted"
    return checked_text("reason", data.reason, LONGEST_REASON, compulsory=compulsory)


def _wording(data: DispositionData) -> str | None:
    if data.wording is None or data.outcome not in TAKEN_UP:
        return None
    return checked_text("wording", data.wording, LONGEST_REASON, compulsory=False)


def _answer_so_far(item: FeedbackItem) -> str | None:
    return db.session.scalars(
        select(Answer.body).where(Answer.item_id == item.id).order_by(Answer.id.desc()).limit(1)
    ).one_or_none()


def _answer(item: FeedbackItem, actor: Actor, body: str, now: datetime) -> Answer:
    return Answer(
        item_id=item.id,
        body=body,
        html=to_html(body),
        state="published",
        written_at=now,
        written_by_id=actor.account_id,
    )


def _optional_text(field: str, value: str | None) -> str | None:
    return checked_text(field, value or "", LONGEST_REASON, compulsory=False) or None
