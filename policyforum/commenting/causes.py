"""Why a contribution stands where it stands, in words."""

from __future__ import annotations

from flask_babel import gettext as _


def cause_words(cause: str) -> str:
    """A sentence for a placement's cause; "" where nothing happened."""
    words = {
        "section_unknown": _("Its section was not there before."),
        "section_rewritten": _("The section was rewritten almost entirely."),
        "section_moved": _("The section moved."),
        "section_edited": _("Words of the section changed."),
        "section_removed": _("The section was deleted."),
        "section_merged": _("The section became part of another."),
        "quote_not_found": _("The words were not found any more."),
        "passage_moved": _("The words moved to another place."),
        "passage_moved_and_reworded": _("The words moved and were changed."),
        "passage_removed": _("The words were deleted."),
        "passage_reworded": _("The words were changed."),
        "ambiguous": _("The words occur in several places."),
        "by_hand": _("Placed by a drafter."),
        "confirmed_gone": _("A drafter confirmed that the words are gone."),
    }
    return str(words.get(cause, ""))
