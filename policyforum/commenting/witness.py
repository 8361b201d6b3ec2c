"""What is asked of the tables of conversations when the record is checked."""

from __future__ import annotations

from policyforum.audit.witnesses import Witness, Witnesses
from policyforum.commenting import witness_comments as comments
from policyforum.commenting import witness_stances as stances
from policyforum.commenting import witness_threads as threads

HIDING = ("comment.hidden", "comment.shown")

WITNESSES: Witnesses = {
    "voice.taken": (Witness(("actor", "moment", "face"), threads.of_voices),),
    "thread.opened": (
        Witness(
            ("actor", "policy", "moment", "number", "revision", "section", "body", "suggestion"),
            threads.of_threads,
            newer=("comment", "voice", "kind", "stance", "quote", "html"),
            amiss=threads.amiss,
        ),
    ),
    "thread.endorsed": (
        Witness(("stance", "moment"), stances.of_endorsements, amiss=stances.amiss),
    ),
    "thread.placed": (
        Witness(
            ("actor", "revision", "section", "cause"),
            threads.of_placements,
            amiss=threads.untold_places,
        ),
    ),
    "comment.posted": (
        Witness(
            ("actor", "policy", "moment", "thread", "parent", "body"),
            comments.of_comments,
            newer=("voice", "html"),
            amiss=comments.amiss,
        ),
    ),
    "comment.edited": (
        Witness(("actor", "policy", "thread", "body"), comments.of_comments, newer=("html",)),
    ),
    "comment.withdrawn": (Witness(("actor", "thread", "moment"), comments.of_withdrawals),),
    "comment.hidden": (Witness(("reason", "moment"), comments.of_hiding, replaced_by=HIDING),),
    "comment.shown": (Witness(("hidden",), comments.of_showing, replaced_by=HIDING),),
}
