"""The page a revision is read on: its text with what is said beside each part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from policyforum.commenting.faces import Rights, ThreadView
from policyforum.commenting.ledger import DOCUMENT
from policyforum.commenting.participation import Participation, participation
from policyforum.commenting.permissions import rights_on
from policyforum.commenting.queries import activity, threads_beside_blocks
from policyforum.organisation.actor import Actor
from policyforum.policies.models import Policy, Revision
from policyforum.policies.queries import latest_round
from policyforum.reading.consultation import Standing, standing_of
from policyforum.reading.contents import Entry, Piece, contents_of, pieces_of
from policyforum.reading.queries import outcomes_of, page_blocks


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a piece: a few threads, and how many threads and comments in all."""

    shown: Sequence[ThreadView]
    threads: int
    comments: int

    @property
    def more(self) -> int:
        """How many threads are not among those shown."""
        return max(self.threads - len(self.shown), 0)


@dataclass(frozen=True, slots=True)
class TextPage:
    """Everything the reading page shows.

    `beside` is by block position, -1 for the document; `outcomes`: what was decided on the
    threads shown, by their row id.
    """

    policy: Policy
    revision: Revision
    pieces: Sequence[Piece]
    contents: Sequence[Entry]
    beside: Mapping[int, Beside]
    document: Beside
    outcomes: Mapping[int, str]
    standing: Standing
    taking_part: Participation
    rights: Rights

    @property
    def is_legal(self) -> bool:
        """Whether its units are Pasal."""
        return any(piece.shape == "article" for piece in self.pieces)


def text_page(
    policy: Policy, revision: Revision, actor: Actor, now: datetime, *, wanted: str = ""
) -> TextPage:
    """The page of a revision; the number of queries does not depend on what it holds.

    `wanted`: a thread (its public id) to show in any case, should it stand in this revision.
    """
    counts = activity(revision.id)
    shown = threads_beside_blocks(policy, revision, actor, first=wanted)
    pieces = pieces_of(page_blocks(revision.id))
    comments = {position: count for position, (_threads, count) in counts.items()}
    beside = {
        position: Beside(shown.get(position, ()), *counts.get(position, (0, 0)))
        for position in counts.keys() | shown.keys()
    }
    return TextPage(
        policy=policy,
        revision=revision,
        pieces=pieces,
        contents=contents_of(pieces, comments),
        beside=beside,
        document=beside.get(DOCUMENT, Beside((), 0, 0)),
        outcomes=outcomes_of([thread.row_id for threads in shown.values() for thread in threads]),
        standing=standing_of(policy, revision, latest_round(revision), now),
        taking_part=participation(revision.id),
        rights=rights_on(policy, revision.number, actor, now),
    )
