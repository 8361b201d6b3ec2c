"""The one clock of the web side; services are told the time."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import current_app

YEARS = range(1970, 9000)
"""Of moments that people and programs send: room is left to tell them in any time zone."""


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def in_city(at: datetime) -> datetime:
    """The moment as the city's clocks tell it; one too near to where dates end is told unmoved."""
    try:
        return at.astimezone(city_zone())
    except OverflowError:
        return at.replace(tzinfo=city_zone())


def city_zone() -> ZoneInfo:
    """The time zone people read and type times in."""
    return ZoneInfo(current_app.extensions["policyforum.config"].timezone)
