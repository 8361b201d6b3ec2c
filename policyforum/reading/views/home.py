"""Where everybody arrives, and what belongs to a person."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from policyforum.commenting.own import my_threads, replies_out_of_sight
from policyforum.organisation.actor import Actor
from policyforum.organisation.current import current_actor
from policyforum.policies.models import STATUSES
from policyforum.reading.home import home_of
from policyforum.reading.layout import know
from policyforum.reading.listings import policies_page
from policyforum.reading.own import own_contributions
from policyforum.reading.queries import surroundings, unread_answers
from policyforum.web.access import everyone, signed_in
from policyforum.web.clock import now
from policyforum.web.kept import kept_page
from policyforum.web.texts import LONGEST_SEARCH


@everyone
def home() -> ResponseReturnValue:
    """What is open, what is mine, what waits: for this person, as of this minute."""

    def depends_on(actor: Actor, now: datetime) -> Hashable:
        found = surroundings(actor)
        know(found)
        return actor.fingerprint, found, now.replace(second=0, microsecond=0)

    return kept_page(depends_on, _home)


def _home() -> str:
    page = home_of(current_actor(), now())
    greetings = {
        "morning": _("Good morning, %(name)s", name=page.first_name),
        "noon": _("Good day, %(name)s", name=page.first_name),
        "afternoon": _("Good afternoon, %(name)s", name=page.first_name),
        "evening": _("Good evening, %(name)s", name=page.first_name),
        "night": _("Good evening, %(name)s", name=page.first_name),
    }
    return render_template("reading/home.html", page=page, greeting=greetings[page.greeting])


@everyone
def policies() -> str:
    """Every policy the visitor may see, by status and words."""
    status = request.args.get("status", "")
    words = request.args.get("q", "").replace("\x00", "")[:LONGEST_SEARCH]
    chosen = status if status in STATUSES else None
    page = policies_page(current_actor(), now(), chosen, words, request.args.get("cursor", ""))
    next_url = (
        url_for("reading.policies", status=chosen, q=words or None, cursor=page.next)
        if page.next
        else None
    )
    return render_template(
        "reading/policies.html",
        page=page,
        statuses=STATUSES,
        status=chosen,
        words=words,
        next_url=next_url,
    )


@signed_in
def mine() -> str:
    """The person's own contributions, each with how far it has come.

    And their replies where no page leads to them any more.
    """
    actor = current_actor()
    cursor = request.args.get("cursor", "")
    page = my_threads(actor, cursor)
    replies = replies_out_of_sight(actor, request.args.get("replies", ""))
    more_replies = url_for(
        "reading.mine", _anchor="replies", cursor=cursor or None, replies=replies.next
    )
    return render_template(
        "reading/mine.html",
        own=own_contributions(page.items, unread_answers(actor)),
        next_url=url_for("reading.mine", cursor=page.next) if page.next else None,
        replies=replies.items,
        more_replies=more_replies if replies.next else None,
    )
