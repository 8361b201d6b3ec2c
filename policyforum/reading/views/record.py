"""What became of a policy: its story, its answers, its audit record."""

from __future__ import annotations

from functools import partial

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from policyforum.audit.heads import heads_before, signed_with
from policyforum.consolidation.matrix import UNDECIDED
from policyforum.consolidation.models import OUTCOMES
from policyforum.organisation.current import current_actor
from policyforum.policies.asked import number_asked
from policyforum.policies.kept import policy_page
from policyforum.policies.permissions import may_audit
from policyforum.policies.queries import policy_by_slug
from policyforum.reading.answers import answers_on
from policyforum.reading.seals import NOTES, seals
from policyforum.reading.story import story_of
from policyforum.reading.trail import trail_of
from policyforum.web.access import everyone, signed_in
from policyforum.web.clock import now
from policyforum.web.form_pages import require


@everyone
def history(slug: str) -> ResponseReturnValue:
    """The story so far."""
    return policy_page(slug, partial(_history, slug))


def _history(slug: str) -> str:
    policy = policy_by_slug(slug, current_actor())
    return render_template("reading/history.html", policy=policy, chapters=story_of(policy, now()))


@everyone
def feedback(slug: str) -> ResponseReturnValue:
    """What was raised, what was decided, and why."""
    number = number_asked()
    outcome = request.args.get("outcome")
    chosen = outcome if outcome in (*OUTCOMES, UNDECIDED) else None
    cursor = request.args.get("cursor", "")
    make = partial(_feedback, slug, number, chosen, cursor)
    narrowed = {"revision": number, "outcome": chosen, "cursor": cursor or None}
    return policy_page(slug, make, narrowed=narrowed, is_ours=not cursor)


def _feedback(slug: str, number: int | None, outcome: str | None, cursor: str) -> str:
    policy = policy_by_slug(slug, current_actor())
    found = answers_on(policy, number, outcome, cursor)
    following = url_for(
        "reading.feedback",
        slug=slug,
        revision=found.revision.number,
        outcome=outcome,
        cursor=found.next,
    )
    return render_template(
        "reading/feedback.html",
        policy=policy,
        answers=found,
        outcome=outcome,
        outcomes=OUTCOMES,
        next_url=following if found.next else None,
    )


@everyone
def heads() -> str:
    """The seals of the record: its signed heads, for anybody to keep."""
    page = seals(request.args.get("cursor", ""))
    return render_template(
        "reading/heads.html",
        seals=page.items,
        key=signed_with(),
        next_url=url_for("reading.heads", cursor=page.next) if page.next else None,
    )


@everyone
def heads_text() -> Response:
    """The same as text, oldest first: a file for `policyforum audit verify --heads`."""
    notes = "\n".join(head.note for head in reversed(heads_before(limit=NOTES)))
    return Response(notes, content_type="text/plain; charset=utf-8")


@signed_in
def audit(slug: str) -> str:
    """The policy's part of the audit record, for those who may read it."""
    actor = current_actor()
    policy = policy_by_slug(slug, actor)
    require(may_audit(actor, policy))
    page = trail_of(policy, actor, request.args.get("cursor", ""))
    return render_template(
        "reading/audit.html",
        policy=policy,
        entries=page.items,
        next_url=url_for("reading.audit", slug=slug, cursor=page.next) if page.next else None,
    )
