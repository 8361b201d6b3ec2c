"""What the table says of trials that fail, and of those that come to no end."""

from __future__ import annotations

import pytest

from trials.__main__ import tried
from trials.trial import Outcome, Trial, is_fine

HOLDS, FAILS = Outcome("good", holds=True), Outcome("bad", holds=False)


def raises(_full: bool) -> Outcome:
    raise OSError("no room")


def of(run: object, broken: object) -> Trial:
    return Trial("F0", "", "", run, "", broken)  # type: ignore[arg-type]


@pytest.mark.parametrize("run", [HOLDS, FAILS])
@pytest.mark.parametrize("broken", [HOLDS, FAILS])
def test_is_fine_when_the_trial_holds_and_the_mutant_does_not(
    run: Outcome, broken: Outcome
) -> None:
    row = tried(of(lambda _full: run, lambda _full: broken), full=False)
    assert is_fine(row) == (run is HOLDS and broken is FAILS)


@pytest.mark.parametrize("trial", [of(raises, lambda _f: FAILS), of(lambda _f: HOLDS, raises)])
def test_one_that_raises_has_shown_nothing_and_says_why(trial: Trial) -> None:
    row = tried(trial, full=False)
    assert not is_fine(row)
    assert row.outcome is not None
    assert row.mutant is not None
    assert "no room" in row.outcome.figure + row.mutant.figure
