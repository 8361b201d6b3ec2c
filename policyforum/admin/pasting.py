"""Units from a spreadsheet: pasted rows of code, name, code of the unit above, headcount."""

from __future__ import annotations

import csv
from datetime import datetime

from flask_babel import gettext as _

from policyforum.organisation.actor import Actor
from policyforum.organisation.models import Unit
from policyforum.organisation.queries import unit_by_code
from policyforum.organisation.services import LARGEST_COUNT, UnitData, add_unit
from policyforum.web.problems import Forbidden, Invalid

MOST_ROWS = 2_000


def add_pasted_units(actor: Actor, pasted: str, now: datetime) -> list[Unit]:
    """Add every row as a unit, or none; raises `Invalid` naming the row that can't be taken."""
    rows = _rows(pasted)
    if not rows:
        raise Invalid({"rows": [_("There is no row in it.")]})
    if len(rows) > MOST_ROWS:
        raise Invalid({"rows": [_("Paste at most %(most)s rows at a time.", most=MOST_ROWS)]})
    return [_add(actor, number, row, now) for number, row in rows]


def _add(actor: Actor, number: int, row: list[str], now: datetime) -> Unit:
    try:
        code, name, above, people = [*row, "", "", ""][:4]
        parent = unit_by_code(above) if above else None
        if above and parent is None:
            raise Invalid({"rows": [_("there is no unit with the code %(code)s", code=above)]})
        if people and not (people.isdecimal() and len(people) <= len(str(LARGEST_COUNT))):
            raise Invalid({"rows": [_("%(text)s is not a number", text=people)]})
        return add_unit(actor, UnitData(code, name, int(people) if people else None), parent, now)
    except (Invalid, Forbidden) as problem:
        reason = _("Row %(number)s: %(reason)s", number=number, reason=problem.detail)
        raise Invalid({"rows": [reason]}) from None


def _rows(pasted: str) -> list[tuple[int, list[str]]]:
    """Rows with something in them and their numbers; the sign between cells is found out."""
    lines = pasted.splitlines()
    first = next((line for line in lines if line.strip()), "")
    delimiter = max("\t;,", key=first.count)
    cells = csv.reader(lines, delimiter=delimiter)
    try:
        return [
            (number, [cell.strip() for cell in row])
            for number, row in enumerate(cells, start=1)
            if any(cell.strip() for cell in row)
        ]
    except csv.Error:
        reason = _("Row %(number)s: %(reason)s", number=cells.line_num, reason=_("it is too long"))
        raise Invalid({"rows": [reason]}) from None
