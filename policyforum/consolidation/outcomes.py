"""What can be decided on an item, as offices write it, and the shape that stands before it."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

OUTCOME_WORDS = {
    "accepted": _l("Accepted"),
    "partly": _l("Partly accepted"),
    "rejected": _l("Not accepted"),
    "already_covered": _l("Already covered"),
    "out_of_scope": _l("Out of scope"),
    "deferred": _l("Deferred"),
    "merged": _l("Merged"),
}
OUTCOME_ICONS = {outcome: f"d{number}" for number, outcome in enumerate(OUTCOME_WORDS, 1)}


def outcome_word(outcome: str | None) -> str:
    """The outcome in words; None: nothing was decided yet."""
    return str(OUTCOME_WORDS.get(outcome or "", _("Undecided")))


def outcome_icon(outcome: str | None) -> str:
    """The name of the outcome's shape; None: that of what is undecided."""
    return OUTCOME_ICONS.get(outcome or "", "d0")
