"""What is asked of the tables of answers when the record is checked."""

from __future__ import annotations

from policyforum.audit.witnesses import Witness, Witnesses
from policyforum.consolidation import witness_dispositions as dispositions
from policyforum.consolidation import witness_items as items

_named = Witness(
    ("summary",),
    items.of_summaries,
    replaced_by=("feedback.gathered", "feedback.changed"),
    saying='"summary_commitment"',
)

WITNESSES: Witnesses = {
    "feedback.gathered": (
        Witness(
            ("policy", "number", "threads"),
            items.of_items,
            newer=("revision", "section"),
            amiss=items.amiss,
        ),
        Witness(("actor",), items.of_makers),
        _named,
    ),
    "feedback.changed": (_named,),
    "feedback.disposed": (
        Witness(
            ("actor", "policy", "number", "outcome", "reason", "response"),
            dispositions.of_dispositions,
            newer=("wording", "html"),
            amiss=dispositions.amiss,
        ),
    ),
    "feedback.linked": (
        Witness(
            ("actor", "policy", "number", "revision", "section"),
            items.of_links,
            amiss=items.untold_links,
        ),
    ),
}
