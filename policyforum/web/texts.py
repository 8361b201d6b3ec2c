"""What every text people send is held to, whichever door it comes through."""

from __future__ import annotations

import unicodedata

from flask_babel import gettext as _

from policyforum.web.formats import number
from policyforum.web.problems import Invalid

LONGEST_SEARCH = 200
"""Characters of words to search for; each word makes a query longer."""

UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
UNSEEN_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Hangul fillers and the empty Braille pattern: letters by category, and nothing to see."""


def checked_text(field: str, value: str, longest: int, *, compulsory: bool = True) -> str:
    """The text without blanks around it; raises `Invalid` for `field` when it can't be taken.

    `longest` counts code points.
    """
    require_storable(field, value)
    if compulsory and is_blank(value):
        raise Invalid({field: [_("Please write something here.")]})
    if len(value) > longest:
        raise Invalid({field: [too_long(len(value), longest)]})
    return value.strip()


def too_long(length: int, longest: int) -> str:
    """What is said of a text with more code points than are taken."""
    return str(
        _(
            "This is %(length)s characters long. Keep it to %(longest)s.",
            length=number(length),
            longest=number(longest),
        )
    )


def is_blank(text: str) -> bool:
    """Whether there is nothing in the text that anybody could see."""
    return all(
        character in UNSEEN_LETTERS or unicodedata.category(character) in UNSEEN_CATEGORIES
        for character in text
    )


def require_storable(field: str, value: str) -> None:
    """Raise `Invalid` for `field` when the text holds what no database and no file can keep."""
    if "\x00" in value:
        raise Invalid({field: [_("The text contains a NUL character. Remove it.")]})
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        message = _("Character %(place)s of the text is not valid.", place=error.start + 1)
        raise Invalid({field: [message]}) from None
