"""A form that could not be carried out while the database is away, kept to be sent again."""

from __future__ import annotations

from typing import NamedTuple

from flask import request
from werkzeug.exceptions import HTTPException

NEVER_SHOWN = frozenset({"password", "current", "repeated"})
"""Fields for secrets; forms that hold one have to be filled in anew."""

MACHINE_WRITTEN = frozenset({"csrf_token", "once"})
LONGEST_UNSEEN = 40
"""Longer values, and those with a blank in them, are taken for people's words and shown."""


class Sent(NamedTuple):
    """One field as it was sent. `is_words`: somebody may want to read it again."""

    name: str
    value: str
    is_words: bool


def fields_sent() -> list[Sent]:
    """Everything to send this request's form again with; nothing where that would not be the same.

    The token against forgery goes along as it came: a form sent from elsewhere stays refused.
    """
    try:
        form = request.form
    except HTTPException:
        return []
    if request.method != "POST" or request.files or NEVER_SHOWN.intersection(form):
        return []
    return [
        Sent(name, value, name not in MACHINE_WRITTEN and _is_words(value))
        for name, values in form.lists()
        for value in values
    ]


def _is_words(value: str) -> bool:
    return len(value) > LONGEST_UNSEEN or any(sign.isspace() for sign in value)
