"""A contribution's own page."""

from __future__ import annotations

from functools import partial

from flask import render_template
from flask.typing import ResponseReturnValue

from policyforum.commenting.briefing import thread_in_brief
from policyforum.commenting.permissions import rights_on
from policyforum.commenting.queries import placements_of, thread_by_id, thread_view
from policyforum.organisation.actor import Actor
from policyforum.organisation.current import current_actor
from policyforum.policies.brief import PolicyBrief
from policyforum.policies.kept import page_about
from policyforum.reading.own import course_of
from policyforum.web.access import everyone
from policyforum.web.clock import now


@everyone
def thread(public_id: str) -> ResponseReturnValue:
    """The whole discussion, how far it has come, and where it stood in each revision."""

    def brief_for(actor: Actor) -> PolicyBrief:
        return thread_in_brief(public_id, actor).policy

    return page_about(brief_for, partial(_thread, public_id))


def _thread(public_id: str) -> str:
    actor = current_actor()
    found = thread_by_id(public_id, actor)
    shown = thread_view(found, actor)
    return render_template(
        "reading/thread.html",
        policy=found.policy,
        thread=shown,
        course=course_of(shown),
        placements=placements_of(found),
        rights=rights_on(found.policy, shown.placement.revision, actor, now()),
    )
