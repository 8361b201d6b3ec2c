"""Revisions: publish, list, show, their source, and two of them compared."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from policyforum.api import queries
from policyforum.api.calls import reads, writes
from policyforum.api.presenters.policies import changes_shown, revision_shown
from policyforum.api.schemas.base import Paging
from policyforum.api.schemas.policies import Changes, Publication, Revision, RevisionList
from policyforum.drafting.services import PublishData, publish_draft
from policyforum.organisation.current import current_actor
from policyforum.policies import models
from policyforum.policies.queries import (
    keyed_sections,
    latest_round,
    policy_by_slug,
    revision_by_number,
)
from policyforum.text.diff import compare
from policyforum.web.access import signed_in
from policyforum.web.clock import now

MARKDOWN = "text/markdown; charset=utf-8"


@signed_in
@reads(RevisionList, query=Paging)
def list_revisions(query: Paging, slug: str) -> RevisionList:
    """List a policy's revisions, newest first, with their sections."""
    policy = policy_by_slug(slug, current_actor())
    page = queries.revisions_page(policy, query.cursor, query.limit)
    items = [_shown(policy, revision) for revision in page.items]
    return RevisionList(items=items, next=page.next)


@signed_in
@writes(Publication, Revision, status=201, refusals=(403, 409))
def publish_revision(sent: Publication, slug: str) -> Revision:
    """Publish the working draft as the next revision.

    409 when the draft is at another version by now; 422 with `missing` while a thread of an
    earlier round, not withdrawn, has no disposition. The round before is closed and concluded.
    """
    actor = current_actor()
    policy = policy_by_slug(slug, actor)
    data = PublishData(sent.change_note, sent.draft_version)
    return _shown(policy, publish_draft(policy, actor, data, now()))


@signed_in
@reads(Revision)
def show_revision(slug: str, number: int) -> Revision:
    """Show a revision with its sections."""
    policy = policy_by_slug(slug, current_actor())
    return _shown(policy, revision_by_number(policy, number))


@signed_in
@reads(None, also=("text/markdown",))
def show_source(slug: str, number: int) -> Response:
    """The exact Markdown that was published, byte for byte."""
    revision = revision_by_number(policy_by_slug(slug, current_actor()), number)
    answer = Response(revision.source.encode("utf-8"), content_type=MARKDOWN)
    answer.set_etag(revision.source_hash)
    answer.make_conditional(request)
    return answer


@signed_in
@reads(Changes)
def show_changes(slug: str, before: int, after: int) -> Changes:
    """Compare two revisions, section by section and word by word."""
    policy = policy_by_slug(slug, current_actor())
    old, new = (keyed_sections(revision_by_number(policy, n).id) for n in (before, after))
    return changes_shown(policy, before, after, compare(old, new))


def _shown(policy: models.Policy, revision: models.Revision) -> Revision:
    return revision_shown(
        revision,
        policy,
        latest_round(revision),
        queries.whole_sections(revision.id),
        queries.previous_keys(revision.id),
        now(),
    )
