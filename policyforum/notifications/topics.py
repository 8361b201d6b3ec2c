"""What notifications say, in the language of whoever reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from policyforum.consolidation.outcomes import outcome_word

REPLY = "reply"
DISPOSED = "disposed"
REVISED = "revised"
DECIDED = "decided"


def words_of(topic: str, facts: Mapping[str, Any]) -> str:
    """One sentence for the inbox and the subject of a mail."""
    if topic == REPLY:
        return _(
            "%(name)s replied on contribution no. %(number)s.",
            name=facts["name"],
            number=facts["number"],
        )
    if topic == DISPOSED:
        return _(
            "Your contribution no. %(number)s was decided on: %(outcome)s.",
            number=facts["number"],
            outcome=outcome_word(facts["outcome"]),
        )
    if topic == REVISED:
        return _(
            "Revision %(revision)s is out. See what became of your words.",
            revision=facts["revision"],
        )
    if facts["outcome"] == "approved":
        return _("Revision %(revision)s was approved.", revision=facts["revision"])
    return _("Revision %(revision)s was returned.", revision=facts["revision"])
