"""What is asked of the tables of units, associations and roles when the record is checked."""

from __future__ import annotations

from policyforum.audit.witnesses import Witness, Witnesses
from policyforum.organisation import witness_bodies as bodies
from policyforum.organisation import witness_grants as grants
from policyforum.organisation import witness_memberships as memberships

_unit = Witness(
    ("name", "closed", "path"),
    bodies.of_units,
    newer=("code", "headcount"),
    replaced_by=("unit.created", "unit.changed"),
    amiss=bodies.untold_units,
)
_association = Witness(
    ("name", "closed"),
    bodies.of_associations,
    newer=("code", "member_count"),
    replaced_by=("association.created", "association.changed"),
    amiss=bodies.untold_associations,
)

WITNESSES: Witnesses = {
    "account.changed": (Witness((), memberships.of_changes, newer=("unit", "association")),),
    "account.created": (Witness((), memberships.of_none, amiss=memberships.amiss),),
    "unit.created": (_unit,),
    "unit.changed": (_unit,),
    "association.created": (_association,),
    "association.changed": (_association,),
    "role.granted": (
        Witness(
            ("actor", "subject", "role"),
            grants.of_grants,
            newer=("unit", "association", "policy_id", "starts_at", "ends_at"),
            amiss=grants.amiss,
        ),
    ),
    "role.ended": (Witness(("subject", "moment", "role"), grants.of_ends),),
}
