"""All of them."""

from __future__ import annotations

from collections.abc import Sequence

from trials.attack import (
    belongings,
    bodies,
    doors,
    forgery,
    formulas,
    guessing,
    hostile,
    markup,
    patterns,
    sessions,
)
from trials.trial import Trial

ATTACK: Sequence[Trial] = (
    hostile.TRIAL,
    doors.TRIAL,
    belongings.TRIAL,
    forgery.TRIAL,
    sessions.TRIAL,
    guessing.TRIAL,
    bodies.TRIAL,
    markup.TRIAL,
    patterns.TRIAL,
    formulas.TRIAL,
)
