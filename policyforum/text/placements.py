"""What anchors and their placements are: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

EXACT: Final = "exact"
MOVED: Final = "moved"
REWORDED: Final = "reworded"
DOUBTFUL: Final = "doubtful"
UNPLACED: Final = "unplaced"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A quotation in a section: `start` and `end` count from the section's offset.

    `exact` is the source between them, `prefix` and `suffix` the source around it. The stretch may
    run over the section's descendants.
    """

    exact: str
    prefix: str
    suffix: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an anchor stands in a new revision.

    `key` names the section (None: the whole document, or nowhere when `unplaced`); `start` and
    `end` count from that section's offset (None: the whole section). `state` is one of this
    module's five, `score` how sure it is (0 to 1), `cause` a short code for why, "" when nothing
    happened. A `doubtful` placement is a proposal for a person to confirm.
    """

    key: str | None
    start: int | None
    end: int | None
    state: str
    score: float
    cause: str


@dataclass(frozen=True, slots=True)
class AnchorRequest:
    """One anchor to place: the section's key in the old revision, and the words (None: all)."""

    key: str | None
    anchor: Anchor | None
