"""Pages about one policy, kept for each reader as long as nothing about it changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date, datetime

from flask import request
from werkzeug.wrappers import Response

from policyforum.organisation.actor import Actor
from policyforum.policies.brief import PolicyBrief
from policyforum.policies.briefing import brief_at
from policyforum.web.clock import city_zone
from policyforum.web.kept import HTML, kept_page


def policy_page(
    slug: str,
    actor: Actor,
    now: datetime,
    make: Callable[[], str],
    *,
    content_type: str = HTML,
    beyond: Hashable = None,
) -> Response:
    """The page of the current request, which is about this policy; `NotFound` if not for them.

    `make` must ask for what the actor needs to be allowed beyond seeing the policy.
    """
    brief = brief_at(slug, actor)
    return page_about(brief, actor, now, make, content_type=content_type, beyond=beyond)


def page_about(
    brief: PolicyBrief,
    actor: Actor,
    now: datetime,
    make: Callable[[], str],
    *,
    content_type: str = HTML,
    beyond: Hashable = None,
) -> Response:
    """The same where the policy is known already. `beyond`: what else it depends on."""
    key = (request.full_path, actor.fingerprint, brief, *passing(brief, now), beyond)
    return kept_page(key, make, content_type=content_type)


def passing(brief: PolicyBrief, now: datetime) -> tuple[date, str]:
    """What becomes another by time alone: the city's day, and the state of the current round."""
    running = brief.current_round
    return now.astimezone(city_zone()).date(), running.state(now) if running else ""
