"""What everything done on a policy has to pass."""

from __future__ import annotations

from flask_babel import gettext as _

from policyforum.organisation.actor import Actor
from policyforum.policies.brief import AnyPolicy
from policyforum.policies.models import VISIBILITIES
from policyforum.policies.permissions import may_draft
from policyforum.web.problems import Closed, Forbidden, Invalid


def require_under_way(policy: AnyPolicy) -> None:
    """Raise `Closed` once it is withdrawn. Ask while it is held: somebody may be withdrawing it."""
    if policy.withdrawn_at is not None:
        raise Closed(
            _("The policy is withdrawn"), _("This policy was withdrawn. Everything stays readable.")
        )


def require_drafter(policy: AnyPolicy, actor: Actor) -> None:
    """Raise `Forbidden` unless the actor is one of its drafters."""
    if not may_draft(actor, policy):
        raise Forbidden(_("Only the drafters of this policy can do this."))


def require_within(audience: str, visibility: str, field: str) -> None:
    """Raise `Invalid` for this field when a round would be open to more people than may read."""
    if VISIBILITIES.index(audience) < VISIBILITIES.index(visibility):
        raise Invalid({field: [_("The round can not be open to more people than may read it.")]})


def one_of(field: str, value: str, allowed: tuple[str, ...]) -> str:
    """The value; raises `Invalid` when it is none of those allowed."""
    if value not in allowed:
        raise Invalid({field: [_("Choose one of: %(list)s.", list=", ".join(allowed))]})
    return value
