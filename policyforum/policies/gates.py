"""What everything done on a policy has to pass."""

from __future__ import annotations

from flask_babel import gettext as _

from policyforum.policies.brief import AnyPolicy
from policyforum.web.problems import Closed


def require_under_way(policy: AnyPolicy) -> None:
    """Raise unless the work on it goes on. Ask while it is held: somebody may be withdrawing it."""
    if policy.withdrawn_at is not None:
        raise Closed(
            _("The policy is withdrawn"), _("This policy was withdrawn. Everything stays readable.")
        )
