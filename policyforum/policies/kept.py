"""Pages about one policy, kept for each reader as long as nothing about it changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date, datetime

from werkzeug.wrappers import Response

from policyforum.organisation.actor import Actor
from policyforum.policies.brief import PolicyBrief
from policyforum.policies.briefing import brief_at
from policyforum.web.clock import in_city
from policyforum.web.handout import Headers
from policyforum.web.kept import HTML, Narrowed, kept_page

BriefFor = Callable[[Actor], PolicyBrief]
"""The policy a page is about; raises `NotFound` if it is not for this actor."""


def policy_page(
    slug: str,
    make: Callable[[], str],
    *,
    narrowed: Narrowed | None = None,
    is_ours: bool = True,
    headers: Headers = (HTML,),
) -> Response:
    """The page of the current request, which is about this policy; `NotFound` if not for them.

    `make` must ask for what the actor needs to be allowed beyond seeing the policy.
    """

    def brief_for(actor: Actor) -> PolicyBrief:
        return brief_at(slug, actor)

    return page_about(brief_for, make, narrowed=narrowed, is_ours=is_ours, headers=headers)


def page_about(
    brief_for: BriefFor,
    make: Callable[[], str],
    *,
    narrowed: Narrowed | None = None,
    is_ours: bool = True,
    headers: Headers = (HTML,),
) -> Response:
    """The same where the policy is found by something else than its name."""

    def depends_on(actor: Actor, now: datetime) -> Hashable:
        brief = brief_for(actor)
        return actor.fingerprint, brief, passing(brief, now)

    return kept_page(depends_on, make, narrowed=narrowed, is_ours=is_ours, headers=headers)


def passing(brief: PolicyBrief, now: datetime) -> tuple[date, str]:
    """What becomes another by time alone: the city's day, and the state of the current round."""
    running = brief.current_round
    return in_city(now).date(), running.state(now) if running else ""
