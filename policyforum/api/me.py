"""Whom the token acts for."""

from __future__ import annotations

from policyforum.api.calls import reads
from policyforum.api.presenters.policies import unit_shown
from policyforum.api.queries import associations_of, unit_of
from policyforum.api.schemas.record import Me
from policyforum.organisation.current import current_actor
from policyforum.web.access import signed_in


@signed_in
@reads(Me)
def show_me() -> Me:
    """Tell whom the token acts for."""
    actor = current_actor()
    return Me.model_validate(
        {
            "id": actor.public_id,
            "name": actor.name,
            "roles": sorted(actor.roles),
            "unit": unit_shown(unit_of(actor)),
            "organisations": [
                {"id": body.public_id, "code": body.code, "name": body.name}
                for body in associations_of(actor)
            ],
        }
    )
