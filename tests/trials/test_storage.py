"""Short forms of the storage trials; `make trust` has the long ones, and the mutants."""

from __future__ import annotations

import pytest

from trials.storage.listed import STORAGE
from trials.trial import Trial, missing

SHORT = (
    "F1 sqlite",
    "F1 postgresql",
    "F2 postgresql",
    "F3 sqlite",
    "F4 sqlite",
    "F5 sqlite",
    "F6 postgresql",
    "F7 sqlite",
    "F13 sqlite",
    "F14 sqlite",
    "F14 large sqlite",
)
"""Those that find most for the time they take."""

CHOSEN = [trial for trial in STORAGE if trial.name in SHORT]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("trial", CHOSEN, ids=[trial.name for trial in CHOSEN])
def test_holds(trial: Trial) -> None:
    if wanting := missing(trial.needs):
        pytest.skip(f"{trial.name} needs {', '.join(wanting)}")
    outcome = trial.run(False)
    assert outcome.holds, outcome.figure
