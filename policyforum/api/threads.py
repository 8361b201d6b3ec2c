"""Threads: open, list, show, and the ledger of their places."""

from __future__ import annotations

from policyforum.api.calls import reads, reads_of_policy, writes
from policyforum.api.presenters.threads import opened_shown, placement_shown, thread_shown
from policyforum.api.queries import first_places
from policyforum.api.schemas.threads import (
    NewQuote,
    NewThread,
    PlacementList,
    Thread,
    ThreadList,
    ThreadQuery,
)
from policyforum.commenting import models
from policyforum.commenting.filters import ThreadFilter, span_of
from policyforum.commenting.opening import ReadyThread, ThreadData, enter_thread, ready_thread
from policyforum.commenting.passages import QuoteData
from policyforum.commenting.queries import (
    can_go_on_at,
    placements_of,
    thread_by_id,
    thread_view,
    threads_page,
)
from policyforum.organisation.actor import Actor
from policyforum.organisation.current import current_actor
from policyforum.policies.briefing import brief_at, revision_brief
from policyforum.policies.queries import policy_by_slug, revision_by_number
from policyforum.web.access import signed_in
from policyforum.web.clock import now

DOCUMENT = "document"


def _ready(sent: NewThread, slug: str, number: int) -> ReadyThread:
    actor = current_actor()
    data = ThreadData(
        section_key=sent.section,
        body=sent.body,
        quote=_quote(sent.quote) if sent.quote else None,
        kind=sent.kind,
        stance=sent.stance,
        suggestion=sent.suggestion.replacement if sent.suggestion else None,
    )
    return ready_thread(brief_at(slug, actor), number, actor, data, now())


@signed_in
@writes(NewThread, Thread, status=201, refusals=(403, 409), prepare=_ready)
def open_new_thread(ready: ReadyThread, slug: str, number: int) -> Thread:
    """Open a thread on a section, on some of its words, or on the whole document.

    409 when no round is open on that revision, and, with `current` (revision, section, text), when
    a newer revision is out.
    """
    return opened_shown(enter_thread(ready, now()))


def _is_ours(query: ThreadQuery, slug: str, number: int) -> bool:
    if not query.cursor and query.section in (None, DOCUMENT):
        return True
    revision = revision_brief(brief_at(slug, current_actor()), number)
    if query.section not in (None, DOCUMENT) and not any(span_of(revision.id, query.section)):
        return False
    return can_go_on_at(revision.id, query.cursor)


@signed_in
@reads_of_policy(ThreadList, query=ThreadQuery, is_ours=_is_ours)
def list_threads(query: ThreadQuery, slug: str, number: int) -> ThreadList:
    """List threads as they stand in a revision, in the order they were opened."""
    actor = current_actor()
    policy = policy_by_slug(slug, actor)
    whole = query.section == DOCUMENT
    wanted = ThreadFilter(
        section_key=None if whole else query.section,
        whole_document=whole,
        placement=query.placement,
        state=query.state,
        mine=query.author == "me",
    )
    revision = revision_by_number(policy, number)
    page = threads_page(
        policy, revision, actor, wanted, query.cursor, query.limit, most_replies=None
    )
    first = first_places([thread.row_id for thread in page.items])
    items = [thread_shown(thread, first[thread.row_id], policy) for thread in page.items]
    return ThreadList(items=items, next=page.next)


@signed_in
@reads(Thread)
def show_thread(thread_id: str) -> Thread:
    """Show a thread with all its comments."""
    actor = current_actor()
    return _shown(thread_by_id(thread_id, actor), actor)


@signed_in
@reads(PlacementList)
def list_placements(thread_id: str) -> PlacementList:
    """Where the thread stands in each revision, oldest first."""
    places = placements_of(thread_by_id(thread_id, current_actor()))
    return PlacementList(items=[placement_shown(place) for place in places], next=None)


def _quote(sent: NewQuote) -> QuoteData:
    return QuoteData(sent.exact, sent.prefix, sent.suffix, sent.start)


def _shown(thread: models.Thread, actor: Actor) -> Thread:
    view = thread_view(thread, actor)
    return thread_shown(view, first_places([thread.id])[thread.id], thread.policy)
