"""Threads as they stand in a revision: the one select behind every list, and its rows as views."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import aliased

from policyforum.accounts.models import Account
from policyforum.commenting.composing import (
    CommentRow,
    Drafters,
    comment_rows,
    comment_views,
    wording_spans,
)
from policyforum.commenting.faces import PlacementView, ThreadView
from policyforum.commenting.models import Endorsement, Placement, Thread, ThreadPosition, Voice
from policyforum.db.session import db
from policyforum.organisation.actor import Actor
from policyforum.policies.models import Policy, Revision, RevisionSection, Section


class ThreadRow(NamedTuple):
    """A thread with its place in a revision; `words`: a whole section it would replace, and
    the kind of that section."""

    thread: Thread
    placement: Placement
    block_position: int | None
    shown_revision: int
    written_revision: int
    section_key: str | None
    section_label: str | None
    block_label: str | None
    words: str | None
    words_kind: str | None
    placed_by: str | None
    my_stance: str | None


def standing_threads(actor: Actor, at: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Threads at the positions that fulfil `at`, as columns of `ThreadRow`."""
    shown, block, base = (aliased(RevisionSection) for _ in range(3))
    where, written = aliased(Revision), aliased(Revision)
    placed_in = ThreadPosition.revision_id
    replaced = and_(
        Thread.suggestion.is_not(None),
        Thread.quote_exact.is_(None),
        base.revision_id == Thread.revision_id,
        base.section_id == Thread.section_id,
    )
    return (
        select(
            Thread,
            Placement,
            ThreadPosition.block_position,
            where.number,
            written.number,
            Section.key,
            shown.label,
            block.label,
            base.text,
            base.kind,
            Account.name,
            _stance_of(actor),
        )
        .join(ThreadPosition, ThreadPosition.thread_id == Thread.id)
        .join(Placement, Placement.id == ThreadPosition.placement_id)
        .join(where, where.id == placed_in)
        .join(written, written.id == Thread.revision_id)
        .outerjoin(Section, Section.id == ThreadPosition.section_id)
        .outerjoin(
            shown,
            and_(shown.revision_id == placed_in, shown.section_id == ThreadPosition.section_id),
        )
        .outerjoin(
            block,
            and_(block.revision_id == placed_in, block.position == ThreadPosition.block_position),
        )
        .outerjoin(base, replaced)
        .outerjoin(Account, Account.id == Placement.placed_by_id)
        .where(at)
    )


def read_rows(query: Select[*tuple[Any, ...]]) -> list[ThreadRow]:
    """The rows of a `standing_threads` select."""
    return [ThreadRow(*row) for row in db.session.execute(query)]


def thread_views(
    rows: Sequence[ThreadRow],
    policies: Mapping[int, Policy],
    actor: Actor,
    most_replies: int | None,
) -> list[ThreadView]:
    """Rows with their comments, in two more queries however many there are."""
    if not rows:
        return []
    comments = comment_rows([row.thread.id for row in rows], most_replies)
    drafters = Drafters()
    return [
        _thread_view(row, comments[row.thread.id], policies[row.thread.policy_id], drafters, actor)
        for row in rows
    ]


def _stance_of(actor: Actor) -> Any:
    return (
        select(Endorsement.stance)
        .join(Voice, Voice.id == Endorsement.voice_id)
        .where(Endorsement.thread_id == Thread.id, Voice.account_id == (actor.account_id or 0))
        .limit(1)
        .scalar_subquery()
    )


def _thread_view(
    row: ThreadRow,
    comments: Sequence[CommentRow],
    policy: Policy,
    drafters: Drafters,
    actor: Actor,
) -> ThreadView:
    thread = row.thread
    proposal = None if thread.state in ("withdrawn", "hidden") else thread.suggestion
    live = sum(1 for found in comments if found.comment.withdrawn_at is None)
    return ThreadView(
        id=thread.public_id,
        row_id=thread.id,
        number=thread.number,
        revision=row.written_revision,
        section_key=row.section_key,
        section_label=row.section_label or "",
        block_position=row.block_position,
        place=_place(row.section_label or "", row.block_label or ""),
        first_label=thread.section_label,
        quote=thread.quote_exact,
        quote_start=thread.quote_start,
        quote_end=thread.quote_end,
        suggestion=proposal,
        wording=(
            ()
            if proposal is None
            else wording_spans(thread.quote_exact, row.words, proposal, row.words_kind)
        ),
        kind=thread.kind,
        stance=thread.stance,
        state=thread.state,
        placement=placement_view(row),
        support_count=thread.support_count,
        oppose_count=thread.oppose_count,
        comment_count=thread.comment_count,
        my_stance=row.my_stance,
        created_at=thread.created_at,
        settled_at=thread.settled_at,
        comments=comment_views(comments, policy, drafters, actor),
        more_replies=max(thread.comment_count - live, 0),
    )


def placement_view(row: ThreadRow) -> PlacementView:
    """Where the row's thread stands."""
    placement = row.placement
    return PlacementView(
        revision=row.shown_revision,
        section_key=row.section_key,
        section_label=row.section_label or "",
        start=placement.start,
        end=placement.end,
        state=placement.state,
        score=placement.score,
        cause=placement.cause,
        placed_by=row.placed_by or "",
        placed_at=placement.placed_at,
    )


def _place(label: str, block_label: str) -> str:
    """The label within its block: "ayat (3)" of "Pasal 11 ayat (3)" beside Pasal 11."""
    if label == block_label:
        return ""
    return label.removeprefix(f"{block_label} ") if block_label else label
