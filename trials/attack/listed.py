"""All of them."""

from __future__ import annotations

from collections.abc import Sequence

from trials.attack import markup, patterns
from trials.trial import Trial

ATTACK: Sequence[Trial] = (markup.TRIAL, patterns.TRIAL)
