"""F7: many who write at once; nobody is sent away, nothing is overwritten."""

from __future__ import annotations

from collections.abc import Sequence

from tests.servers import COMMAND
from trials.storage import broken
from trials.storage.crowd import Crowd, quantile
from trials.storage.kept import look
from trials.storage.site import site
from trials.trial import ANY_TIME, Outcome, Trial

WRITERS = 64
WORKERS = 16  # with four threads each: all 64 are in the database's queue at the same time
COMMENTS = {True: 12_800, False: 256}
COMMENTS_OF_MUTANT = {True: 640, False: 256}
SLOWEST = {"sqlite": 2.0, "postgresql": 0.5}  # seconds, 99 of 100


def crowd_writes(
    engine: str,
    comments: int,
    within: float,
    command: Sequence[str] = COMMAND,
    workers: int = WORKERS,
) -> Outcome:
    """Let 64 people write at the same time until `comments` are answered."""
    with site(engine, people=32) as place:
        crowd = Crowd(place, WRITERS, insistent=False, most=comments)
        with place.serve(workers=workers, command=command) as server, crowd.writing():
            crowd.go_to(server.url)
            crowd.wait_for_all()
        kept = look(place, crowd)
    slow = quantile(crowd.waits, 0.99)
    rate = len(crowd.waits) / (sum(crowd.waits) / WRITERS)
    return Outcome(
        f"{len(crowd.refused):,} of {comments:,} refused; p50 {quantile(crowd.waits, 0.5):.2f} s, "
        f"p99 {slow:.2f} s, longest {max(crowd.waits, default=0.0):.2f} s, {rate:.0f}/s; {kept}",
        not crowd.refused and kept.is_whole and slow <= within,
    )


def _crowding(engine: str, breaks: str, mutant: str) -> Trial:
    return Trial(
        f"F7 {engine}",
        f"{WRITERS} people write at once, all of them waiting for the database",
        f"0 of {COMMENTS[True]:,} refused, p99 ≤ {SLOWEST[engine]} s, 0 lost updates",
        lambda full: crowd_writes(
            engine,
            COMMENTS[full],
            SLOWEST[engine] if full else ANY_TIME,
            workers=WORKERS if full else 4,
        ),
        breaks,
        lambda full: crowd_writes(
            engine, COMMENTS_OF_MUTANT[full], ANY_TIME, broken.command(mutant)
        ),
    )


CROWDING = (
    _crowding("sqlite", "nobody waits for another", "nobody-waits"),
    _crowding("postgresql", "no row is locked before it is read and changed", "no-row-locks"),
)
