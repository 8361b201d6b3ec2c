"""F6: the database is restarted while people write; the server runs on."""

from __future__ import annotations

import time
from collections.abc import Sequence

from tests.servers import COMMAND
from trials.storage import broken
from trials.storage.crowd import LOST_REPLY, Crowd
from trials.storage.kept import look
from trials.storage.site import site
from trials.trial import ANY_TIME, Outcome, Trial

PEOPLE = 50
RESTARTS = {True: 10, False: 1}
AWAY = 2.0  # seconds for which the database stays down
BACK_WITHIN = 10.0  # seconds after it is up again
IN_FULL_SERVICE = 20  # acknowledgements in a row without one refusal


def restart_database(restarts: int, within: float, command: Sequence[str] = COMMAND) -> Outcome:
    """Stop and start PostgreSQL in order, as for an upgrade, with 50 people writing."""
    waits = []
    with site("postgresql") as place:
        assert place.postgres is not None
        crowd = Crowd(place, PEOPLE, insistent=True)
        with place.serve(command=command) as server, crowd.writing():
            crowd.go_to(server.url)
            for _restart in range(restarts):
                crowd.wait_for_more(PEOPLE)
                place.postgres.shut_down()
                time.sleep(AWAY)
                place.postgres.start()
                waits.append(_until_full_service(crowd))
        kept = look(place, crowd)
    wrong = {status: n for status, n in crowd.refusals.items() if status != 503}
    return Outcome(
        f"{restarts} restarts, {len(crowd.acknowledged):,} acknowledged: {kept}; refused with 503 "
        f"{crowd.refusals[503]:,} times, without Retry-After {crowd.without_advice}, other answers "
        f"{wrong or 'none'} (0: no reply); full service after at most {max(waits):.1f} s",
        kept.is_whole
        and not wrong
        and not crowd.without_advice
        and crowd.refusals[LOST_REPLY] == 0
        and max(waits) <= within,
    )


def _until_full_service(crowd: Crowd) -> float:
    """Seconds until that many are acknowledged without a refusal in between."""
    began = time.monotonic()
    while time.monotonic() - began < 60:
        refused = crowd.refusals.total()
        crowd.wait_for_more(IN_FULL_SERVICE)
        if crowd.refusals.total() == refused:
            return time.monotonic() - began
    return float("inf")


RESTARTING = (
    Trial(
        "F6 postgresql",
        f"PostgreSQL restarted under {PEOPLE} people who write, {AWAY:.0f} s away each time",
        f"0 wrong answers, only 503 with Retry-After, full service within {BACK_WITHIN:.0f} s",
        lambda full: restart_database(RESTARTS[full], BACK_WITHIN if full else ANY_TIME),
        "keeps connections without asking whether they live",
        lambda full: restart_database(
            RESTARTS[False], ANY_TIME, broken.command("stale-connections")
        ),
    ),
)
