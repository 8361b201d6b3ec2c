"""The attacks that need no browser and no server of their own, in their short forms."""

from __future__ import annotations

import pytest

from trials.attack import markup, patterns
from trials.trial import Trial


@pytest.mark.timeout(120)
@pytest.mark.parametrize("trial", [markup.TRIAL, patterns.TRIAL], ids=lambda trial: trial.name)
def test_holds(trial: Trial) -> None:
    outcome = trial.run(False)
    assert outcome.holds, outcome.figure
