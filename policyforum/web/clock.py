"""The one clock of the web side; services are told the time."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import current_app


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def city_zone() -> ZoneInfo:
    """The time zone people read and type times in."""
    return ZoneInfo(current_app.extensions["policyforum.config"].timezone)
