"""What an address asks for: a policy to work on, a revision by its number."""

from __future__ import annotations

from flask import request

from policyforum.organisation.current import current_actor
from policyforum.policies.models import Policy
from policyforum.policies.permissions import may_draft
from policyforum.policies.queries import policy_by_slug
from policyforum.web.form_pages import require
from policyforum.web.problems import NotFound

MOST_DIGITS = 8


def policy_of_drafter(slug: str) -> Policy:
    """The policy, for one of its drafters; raises `NotFound`, or `Forbidden` for other readers."""
    policy = policy_by_slug(slug, current_actor())
    require(may_draft(current_actor(), policy))
    return policy


def number_asked() -> int | None:
    """The revision that `?revision=` names; None where it is not asked for one.

    Raises `NotFound` for what is no number.
    """
    number = request.args.get("revision", "")
    if not number:
        return None
    if not number.isdecimal() or len(number) > MOST_DIGITS:
        raise NotFound
    return int(number)
