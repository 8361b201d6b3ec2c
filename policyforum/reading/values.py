"""What stands in the audit record as codes and times, as a reader is used to see it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from policyforum.commenting.causes import cause_words
from policyforum.consolidation.outcomes import OUTCOME_WORDS
from policyforum.policies.forms import AUDIENCE_CHOICES, KIND_CHOICES, VISIBILITY_CHOICES
from policyforum.web.formats import clock, short_day

HASH_LENGTH = 64
SHORT = 12
CHOICES = {
    "audience": dict(AUDIENCE_CHOICES),
    "kind": dict(KIND_CHOICES),
    "visibility": dict(VISIBILITY_CHOICES),
}


def value_words(name: str, value: Any) -> str:
    """A fact's value in words; as it is where there are none, since a record may hold anything."""
    if value is None:
        return "–"
    if isinstance(value, list):
        return ", ".join(value_words(name, one) for one in value)
    said = str(value)
    if name in ("opens_at", "closes_at"):
        return _moment(said)
    if name == "outcome":
        return _outcome(said)
    if name == "stance":
        return _stance(said)
    if name == "cause":
        return cause_words(said) or said
    if name in CHOICES:
        return str(CHOICES[name].get(said, said))
    return f"{said[:SHORT]}…" if len(said) == HASH_LENGTH else said


def _moment(said: str) -> str:
    try:
        at = datetime.fromisoformat(said)
        return f"{short_day(at)}, {clock(at)}"
    except (ValueError, OverflowError):
        return said


def _outcome(said: str) -> str:
    decided = {"approved": _("Approved"), "returned": _("Returned for revision")}
    return str((OUTCOME_WORDS | decided).get(said, said))


def _stance(said: str) -> str:
    words = {"support": _("Supports"), "oppose": _("Objects"), "neutral": _("Neutral")}
    return str(words.get(said, said))
