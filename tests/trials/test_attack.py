"""The attacks that need no browser and no server of their own, in their short forms.

Those on doors, forged requests and hostile text run in `tests/access` and `tests/browser`.
"""

from __future__ import annotations

import pytest

from trials.attack import belongings, formulas, guessing, markup, patterns, sessions
from trials.trial import Trial

TRIALS = (belongings, sessions, guessing, markup, patterns, formulas)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("trial", [one.TRIAL for one in TRIALS], ids=lambda trial: trial.name)
def test_holds(trial: Trial) -> None:
    outcome = trial.run(False)
    assert outcome.holds, outcome.figure
