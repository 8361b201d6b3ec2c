"""What is asked of the tables of policies when the record is checked."""

from __future__ import annotations

from policyforum.audit.witnesses import Witness, Witnesses
from policyforum.policies import witness_policies as policies
from policyforum.policies import witness_revisions as revisions
from policyforum.policies import witness_rounds as rounds

_named = Witness(
    (),
    policies.of_settings,
    newer=("title", "summary", "visibility"),
    replaced_by=("policy.created", "policy.changed"),
)
_set = Witness(
    ("policy", "round", "audience", "opens_at", "closes_at"),
    rounds.of_settings,
    newer=("revision",),
    replaced_by=("round.opened", "round.changed"),
)

WITNESSES: Witnesses = {
    "policy.created": (
        Witness(
            ("actor", "moment", "kind", "slug"),
            policies.of_openings,
            newer=("language", "unit"),
            amiss=policies.amiss,
        ),
        _named,
    ),
    "policy.changed": (_named,),
    "policy.withdrawn": (Witness(("moment", "reason"), policies.of_withdrawals),),
    "revision.published": (
        Witness(
            ("actor", "policy", "moment", "revision", "change_note", "sections", "source_hash"),
            revisions.of_revisions,
            newer=("page_hash",),
            amiss=revisions.amiss,
        ),
    ),
    "round.opened": (_set, Witness(("actor", "moment"), rounds.of_openings, amiss=rounds.amiss)),
    "round.changed": (_set, Witness(("actor",), rounds.of_changes)),
    "round.concluded": (Witness(("moment", "round", "threads"), rounds.of_ends),),
}
