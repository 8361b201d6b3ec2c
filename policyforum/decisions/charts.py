"""Figures in the shapes the pictures of `components/charts.html` take."""

from __future__ import annotations

from typing import Final

from flask_babel import format_decimal, ngettext

from policyforum.decisions.bodies import Bodies, Body
from policyforum.decisions.standing import Standing

MOST_BARS: Final = 10

HeatCell = tuple[str, int, bool, str]
BarRow = tuple[str, int, str | None]


def heat_groups(standing: Standing) -> list[tuple[str, list[HeatCell]]]:
    """(chapter, [(provision, count, contested, number)]); the first chapter is written out."""
    groups: list[tuple[str, list[HeatCell]]] = []
    for label, cells in standing.groups:
        shown = f"BAB {label}" if label and not groups else label
        groups.append((shown, [(c.label, c.count, c.is_contested, c.number) for c in cells]))
    return groups


def bar_rows(bodies: Bodies) -> list[BarRow]:
    """(name, contributions, per 1,000 people), most first; the last ones in one bar."""
    speaking = bodies.speaking
    if len(speaking) <= MOST_BARS:
        return [_row(body) for body in speaking]
    rest = speaking[MOST_BARS - 1 :]
    people = [body.headcount for body in rest if body.headcount]
    name = ngettext("%(num)d other", "%(num)d others", len(rest))
    last = Body(name, sum(body.threads for body in rest), sum(people) or None)
    return [*(_row(body) for body in speaking[: MOST_BARS - 1]), _row(last)]


def rate_words(rate: float) -> str:
    """`14,1`: always with one decimal, so that a column lines up."""
    return str(format_decimal(rate, format="#,##0.0"))


def _row(body: Body) -> BarRow:
    return body.name, body.threads, None if body.rate is None else rate_words(body.rate)
