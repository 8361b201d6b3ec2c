"""What the tables of discussions, voices and places hold now for entries of the audit record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from sqlalchemy import and_, case, func, select

from policyforum.accounts.models import Account
from policyforum.audit.chain import Entry
from policyforum.audit.witnesses import Amiss, Told, untold
from policyforum.commenting.models import Comment, Placement, Thread, Voice
from policyforum.commenting.passages import Passage, quote_words
from policyforum.commenting.voices import Face, face_words
from policyforum.commenting.witness_comments import earlier_wordings, worded
from policyforum.commenting.witness_counts import miscounted
from policyforum.db.session import db
from policyforum.policies.models import Policy, Revision, RevisionSection, Section


def of_threads(entries: Sequence[Entry]) -> Iterator[Told]:
    subjects = {entry.subject for entry in entries}
    rows = {
        row.Thread.public_id: row
        for row in db.session.execute(
            select(
                Thread,
                Comment.id,
                Comment.public_id.label("comment"),
                Comment.created_at.label("written_at"),
                Comment.edited_at,
                Comment.body,
                Comment.html,
                Revision.number.label("revision"),
                Section.key.label("section"),
                Policy.public_id.label("policy"),
                Voice.public_id.label("voice"),
                Account.public_id.label("account"),
            )
            .join(Comment, and_(Comment.thread_id == Thread.id, Comment.parent_id.is_(None)))
            .join(Revision, Revision.id == Thread.revision_id)
            .join(Policy, Policy.id == Thread.policy_id)
            .join(Voice, Voice.id == Thread.voice_id)
            .outerjoin(Account, Account.id == Voice.account_id)
            .outerjoin(Section, Section.id == Thread.section_id)
            .where(Thread.public_id.in_(subjects))
        )
    }
    earlier = earlier_wordings(rows.values())
    for entry in entries:
        if (row := rows.get(entry.subject)) is not None:
            yield entry.seq, "actor", row.account or ""
            yield entry.seq, "policy", row.policy
            yield entry.seq, "moment", row.Thread.created_at
            yield entry.seq, "number", row.Thread.number
            yield entry.seq, "revision", row.revision
            yield entry.seq, "section", row.section
            yield entry.seq, "comment", row.comment
            yield entry.seq, "voice", row.voice
            yield entry.seq, "kind", row.Thread.kind
            yield entry.seq, "stance", row.Thread.stance
            yield entry.seq, "quote", _quote(row.Thread)
            if row.Thread.suggestion is not None:
                yield entry.seq, "suggestion", row.Thread.suggestion
            yield from worded(entry, row, earlier)


def _quote(thread: Thread) -> str | None:
    return quote_words(
        Passage(
            exact=thread.quote_exact,
            prefix=thread.quote_prefix,
            suffix=thread.quote_suffix,
            start=thread.quote_start,
            end=thread.quote_end,
        )
    )


def of_voices(entries: Sequence[Entry]) -> Iterator[Told]:
    rows = db.session.execute(
        select(Voice, Account.public_id)
        .outerjoin(Account, Account.id == Voice.account_id)
        .where(Voice.public_id.in_({entry.subject for entry in entries}))
    )
    voices = {voice.public_id: (voice, account) for voice, account in rows}
    for entry in entries:
        if entry.subject in voices:
            voice, account = voices[entry.subject]
            yield entry.seq, "actor", account or ""
            yield entry.seq, "moment", voice.created_at
            if voice.name:  # a name is erased with its salt
                face = Face(*(getattr(voice, field) for field in Face._fields))
                yield entry.seq, "face", face_words(face)


def of_placements(entries: Sequence[Entry]) -> Iterator[Told]:
    rows = db.session.execute(
        select(
            Thread.public_id,
            Placement.placed_at,
            Placement.cause,
            Revision.number,
            Section.key,
            Account.public_id,
        )
        .join(Thread, Thread.id == Placement.thread_id)
        .join(Revision, Revision.id == Placement.revision_id)
        .join(Account, Account.id == Placement.placed_by_id)
        .outerjoin(Section, Section.id == Placement.section_id)
        .where(Thread.public_id.in_({entry.subject for entry in entries}))
    )
    placed = defaultdict(list)
    for thread, at, *rest in rows:
        placed[thread, at].append(rest)
    for entry in entries:
        for cause, revision, section, account in placed[entry.subject, entry.at]:
            yield entry.seq, "actor", account
            yield entry.seq, "revision", revision
            yield entry.seq, "section", section
            yield entry.seq, "cause", cause


def untold_places() -> Iterable[Amiss]:
    by_hand = (
        select(Thread.public_id, Placement.placed_at)
        .join(Thread, Thread.id == Placement.thread_id)
        .join(Revision, Revision.id == Placement.revision_id)
        .where(Placement.placed_by_id.is_not(None), Placement.placed_at != Revision.published_at)
    )
    return untold("placements", by_hand, "thread.placed")


def amiss() -> Iterable[Amiss]:
    return chain(
        untold("threads", select(Thread.public_id), "thread.opened"),
        _mislabelled(),
        _misstated(),
        miscounted(),
    )


def _mislabelled() -> Iterator[Amiss]:
    """Threads that call their section other than their revision does."""
    of_section = and_(
        RevisionSection.revision_id == Thread.revision_id,
        RevisionSection.section_id == Thread.section_id,
    )
    threads = db.session.scalars(
        select(Thread.public_id)
        .outerjoin(RevisionSection, of_section)
        .where(Thread.section_label != func.coalesce(RevisionSection.label, ""))
        .limit(1)
    )
    return (("threads.section_label", thread) for thread in threads)


def _misstated() -> Iterator[Amiss]:
    """Threads in another state than their first comment and their settling come to."""
    state = case(
        (Comment.withdrawn_at.is_not(None), "withdrawn"),
        (Comment.hidden_at.is_not(None), "hidden"),
        (Thread.settled_at.is_not(None), "answered"),
        else_="open",
    )
    threads = db.session.scalars(
        select(Thread.public_id)
        .join(Comment, and_(Comment.thread_id == Thread.id, Comment.parent_id.is_(None)))
        .where(Thread.state != state)
        .limit(1)
    )
    return (("threads.state", thread) for thread in threads)
