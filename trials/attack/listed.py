"""All of them."""

from __future__ import annotations

from collections.abc import Sequence

from trials.attack import doors, hostile, markup, patterns
from trials.trial import Trial

ATTACK: Sequence[Trial] = (hostile.TRIAL, doors.TRIAL, markup.TRIAL, patterns.TRIAL)
