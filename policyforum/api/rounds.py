"""Consultation rounds: open, extend, close."""

from __future__ import annotations

from flask_babel import gettext as _

from policyforum.api.calls import writes
from policyforum.api.presenters.policies import round_shown
from policyforum.api.schemas.policies import NewRound, Round, RoundUpdate
from policyforum.organisation.current import current_actor
from policyforum.policies.queries import latest_round, policy_by_slug, revision_by_number
from policyforum.policies.rounds import RoundData, change_round, open_round
from policyforum.web.access import signed_in
from policyforum.web.clock import now
from policyforum.web.problems import Invalid, NotFound


@signed_in
@writes(NewRound, Round, status=201, refusals=(403, 409))
def open_new_round(sent: NewRound, slug: str, number: int) -> Round:
    """Open a consultation round on the current revision."""
    actor, moment = current_actor(), now()
    policy = policy_by_slug(slug, actor)
    revision = revision_by_number(policy, number)
    data = RoundData(sent.opens_at, sent.closes_at, sent.audience)
    return round_shown(open_round(policy, revision, actor, data, moment), policy, moment)


@signed_in
@writes(RoundUpdate, Round, refusals=(403, 409))
def update_round(sent: RoundUpdate, slug: str, number: int) -> Round:
    """Extend the revision's round, or close it."""
    actor, moment = current_actor(), now()
    policy = policy_by_slug(slug, actor)
    consultation = latest_round(revision_by_number(policy, number))
    if consultation is None:
        raise NotFound
    closes_at = moment if sent.state == "closed" else sent.closes_at
    if closes_at is None:
        raise Invalid({"closes_at": [_("This is needed.")]})
    change_round(consultation, actor, closes_at, moment)
    return round_shown(consultation, policy, moment)
