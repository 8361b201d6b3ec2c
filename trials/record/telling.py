"""F15: every column that people read or that gives a right, changed one at a time."""

from __future__ import annotations

from unittest.mock import patch

from policyforum.audit import witnesses
from policyforum.db.session import db
from tests.engines import ENGINES
from trials.record.checking import Seen, outcome, verdict
from trials.record.flipping import flip_what_it_tells_of
from trials.record.site import Site, site
from trials.record.story import tell
from trials.trial import Outcome, Trial

MANY = 5


def change_each(here: Site, *, most: int) -> Seen:
    """Tell a story, and change at most so many values of each row's columns after it."""
    seen = Seen()
    tell(here)
    with here.app.app_context():
        seen.clean += 1
        seen.alarms += verdict().broken_seq is not None
        flip_what_it_tells_of(seen, most)
        db.session.remove()
    return seen


def _run(engine: str, *, full: bool) -> Outcome:
    with site(engine) as here:
        return outcome(change_each(here, most=MANY if full else 1))


def _broken(engine: str) -> Outcome:
    """The same on a check that asks of entries only, and never of the tables beside them."""
    with patch.object(witnesses, "_problem", lambda *_given, **_more: ""):
        return _run(engine, full=False)


def _trial(engine: str) -> Trial:
    return Trial(
        name=f"F15 {engine}, tables",
        what="each column that people read or that gives a right, changed in each row",
        goal="100 % found, 0 false alarms",
        run=lambda full: _run(engine, full=full),
        breaks="what the tables hold is taken for what was told",
        broken=lambda _full: _broken(engine),
    )


TELLING = tuple(_trial(engine) for engine in ENGINES)
