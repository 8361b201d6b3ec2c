"""What the tables of feedback items hold now for entries of the audit record."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import or_, select

from policyforum.accounts.models import Account
from policyforum.audit.chain import Entry
from policyforum.audit.witnesses import Amiss, Told, told_by, untold
from policyforum.commenting.models import Comment, Thread
from policyforum.consolidation.models import ChangeLink, Disposition, FeedbackItem, FeedbackThread
from policyforum.db.session import db
from policyforum.policies.models import Policy, Revision, Section


def of_items(entries: Sequence[Entry]) -> Iterator[Told]:
    items = rows_of_items(entries)
    rows = db.session.execute(
        select(FeedbackItem.public_id, Thread.public_id)
        .join(FeedbackThread, FeedbackThread.item_id == FeedbackItem.id)
        .join(Thread, Thread.id == FeedbackThread.thread_id)
        .where(FeedbackItem.public_id.in_(items))
    )
    gathered = defaultdict(set)
    for item, thread in rows:
        gathered[item].add(thread)
    for entry in entries:
        if (row := items.get(entry.subject)) is not None:
            yield entry.seq, "policy", row.policy
            yield entry.seq, "number", row.FeedbackItem.number
            yield entry.seq, "revision", row.revision
            yield entry.seq, "section", row.section
            threads = json.loads(entry.facts)["threads"]
            yield entry.seq, "threads", [t for t in threads if t in gathered[entry.subject]]


def of_makers(entries: Sequence[Entry]) -> Iterator[Told]:
    """Threads that were taken in later may be anybody's doing."""
    items = rows_of_items(entries)
    for entry in entries:
        if (row := items.get(entry.subject)) is not None:
            is_first = row.FeedbackItem.created_at == entry.at
            yield entry.seq, "actor", row.account if is_first else entry.actor_id


def of_summaries(entries: Sequence[Entry]) -> Iterator[Told]:
    items = rows_of_items(entries)
    for entry in entries:
        if entry.subject in items:
            yield entry.seq, "summary", items[entry.subject].FeedbackItem.summary


def of_links(entries: Sequence[Entry]) -> Iterator[Told]:
    rows = db.session.execute(
        select(
            FeedbackItem.public_id.label("item"),
            FeedbackItem.number,
            ChangeLink.made_at,
            Account.public_id.label("account"),
            Policy.public_id.label("policy"),
            Revision.number.label("revision"),
            Section.key.label("section"),
        )
        .join(FeedbackItem, FeedbackItem.id == ChangeLink.item_id)
        .join(Policy, Policy.id == FeedbackItem.policy_id)
        .join(Account, Account.id == ChangeLink.made_by_id)
        .join(Revision, Revision.id == ChangeLink.revision_id)
        .join(Section, Section.id == ChangeLink.section_id)
        .where(FeedbackItem.public_id.in_({entry.subject for entry in entries}))
    )
    links = defaultdict(list)
    for row in rows:
        links[row.item, row.made_at].append(row)
    for entry in entries:
        for row in links[entry.subject, entry.at]:
            yield entry.seq, "actor", row.account
            yield entry.seq, "policy", row.policy
            yield entry.seq, "number", row.number
            yield entry.seq, "revision", row.revision
            yield entry.seq, "section", row.section


def rows_of_items(entries: Sequence[Entry]) -> dict[str, Any]:
    rows = db.session.execute(
        select(
            FeedbackItem,
            Policy.public_id.label("policy"),
            Revision.number.label("revision"),
            Section.key.label("section"),
            Account.public_id.label("account"),
        )
        .join(Policy, Policy.id == FeedbackItem.policy_id)
        .join(Revision, Revision.id == FeedbackItem.revision_id)
        .join(Account, Account.id == FeedbackItem.created_by_id)
        .outerjoin(Section, Section.id == FeedbackItem.section_id)
        .where(FeedbackItem.public_id.in_({entry.subject for entry in entries}))
    )
    return {row.FeedbackItem.public_id: row for row in rows}


def untold_links() -> Iterable[Amiss]:
    by_hand = (
        select(FeedbackItem.public_id, ChangeLink.made_at)
        .join(FeedbackItem, FeedbackItem.id == ChangeLink.item_id)
        .where(ChangeLink.made_by_id.is_not(None))
    )
    return untold("change_links", by_hand, "feedback.linked")


def amiss() -> Iterable[Amiss]:
    made = select(FeedbackItem.public_id, FeedbackItem.created_at)
    return chain(
        untold("feedback_items", made, "feedback.gathered"), _untold_threads(), _settled_otherwise()
    )


def _untold_threads() -> Iterator[Amiss]:
    told = {
        (item, thread)
        for item, facts in told_by("feedback.gathered")
        for thread in facts["threads"]
    }
    rows = db.session.execute(
        select(FeedbackItem.public_id, Thread.public_id)
        .join(FeedbackThread, FeedbackThread.item_id == FeedbackItem.id)
        .join(Thread, Thread.id == FeedbackThread.thread_id)
    )
    return (("feedback_threads", item) for item, thread in rows if (item, thread) not in told)


def _settled_otherwise() -> Iterator[Amiss]:
    """Threads that count as settled and are neither disposed of nor withdrawn, or the reverse."""
    disposed = select(FeedbackThread.thread_id).join(
        Disposition, Disposition.item_id == FeedbackThread.item_id
    )
    withdrawn = select(Comment.thread_id).where(
        Comment.parent_id.is_(None), Comment.withdrawn_at.is_not(None)
    )
    settled = or_(Thread.id.in_(disposed), Thread.id.in_(withdrawn))
    threads = db.session.scalars(
        select(Thread.public_id).where(Thread.settled_at.is_not(None) != settled).limit(1)
    )
    return (("threads.settled_at", thread) for thread in threads)
