"""Dates, times and numbers as people here write them (`23 November 2026`, `pukul 14.30 WIB`)."""

from __future__ import annotations

from datetime import datetime, timedelta

from babel.dates import format_date as babel_date
from babel.numbers import format_decimal
from flask import Flask
from flask_babel import get_locale
from flask_babel import gettext as _

from policyforum.web.clock import in_city, now

ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}


def register(app: Flask) -> None:
    app.jinja_env.filters.update(
        day=day,
        short_day=short_day,
        moment=moment,
        clock=clock,
        number=number,
        stamp=stamp,
        day_stamp=day_stamp,
    )
    app.jinja_env.globals.update(days_left=days_left, now=now)


def day(at: datetime) -> str:
    """`23 November 2026`."""
    return str(babel_date(in_city(at), "d MMMM y", locale=get_locale()))


def short_day(at: datetime) -> str:
    """`23 Nov`; with the year when it is another."""
    local = in_city(at)
    pattern = "d MMM" if local.year == in_city(now()).year else "d MMM y"
    return str(babel_date(local, pattern, locale=get_locale()))


def clock(at: datetime) -> str:
    """`14.30 WIB`; the blank does not break."""
    local = in_city(at)
    hours = int((local.utcoffset() or timedelta()).total_seconds() // 3600)
    zone = ZONES.get(hours, local.tzname() or "")
    dot = "." if str(get_locale()) == "id" else ":"
    return f"{local:%H}{dot}{local:%M}\u00a0{zone}"


def moment(at: datetime) -> str:
    """`Senin, 23 November 2026 pukul 14.30 WIB`."""
    local = in_city(at)
    date = babel_date(local, "EEEE, d MMMM y", locale=get_locale())
    return str(_("%(date)s at %(time)s", date=date, time=clock(at)))


def stamp(at: datetime) -> str:
    """For `<time datetime>`: RFC 3339."""
    return at.isoformat(timespec="seconds")


def day_stamp(at: datetime) -> str:
    """For `<time datetime>` where only the day is said: the city's."""
    return in_city(at).date().isoformat()


def number(value: float) -> str:
    """`1.234,5`."""
    return str(format_decimal(value, locale=get_locale()))


def days_left(until: datetime) -> int:
    """Whole days from today to that day on the city's calendar; 0 on the day itself."""
    return (in_city(until).date() - in_city(now()).date()).days
