"""Keyset paging: a page begins after the last row of the one before, however deep."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask_babel import gettext as _

from policyforum.db.base import LARGEST_NUMBER
from policyforum.web.problems import Invalid

Row = TypeVar("Row")

PAGE = 20


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows and, if there are more, the cursor of the next page."""

    items: Sequence[Row]
    next: str | None


def page_of(rows: Sequence[Row], limit: int, key: Callable[[Row], list[int | str]]) -> Page[Row]:
    """Make a page of up to `limit` from rows read with `LIMIT limit + 1`."""
    items = rows[:limit]
    more = len(rows) > limit
    return Page(items, encode_cursor(key(items[-1])) if more else None)


def encode_cursor(values: list[int | str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, kinds: tuple[type, ...]) -> tuple[int | str, ...] | None:
    """The values inside; None for "" (the first page). Raises `Invalid` for anything not ours."""
    if not cursor:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        values = json.loads(base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, UnicodeError, RecursionError):
        raise _bad_cursor() from None
    fits = isinstance(values, list) and len(values) == len(kinds)
    if not fits or any(type(value) is not kind for value, kind in zip(values, kinds, strict=True)):
        raise _bad_cursor()
    if not all(map(_can_be_asked_for, values)):
        raise _bad_cursor()
    return tuple(values)


def _can_be_asked_for(value: int | str) -> bool:
    """Whether a database takes the value at all."""
    if isinstance(value, int):
        return 0 <= value <= LARGEST_NUMBER
    return "\x00" not in value and not any("\ud800" <= character <= "\udfff" for character in value)


def _bad_cursor() -> Invalid:
    return Invalid(
        {"cursor": [_("This place in the list is not valid. Start from the beginning.")]}
    )
