"""Who spoke: contributions by unit, rolled up to the bodies that report to the top."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from policyforum.commenting.participation import Participation
from policyforum.db.session import db
from policyforum.organisation.models import Unit


@dataclass(frozen=True, slots=True)
class Body:
    """A body with all units below it. `rate`: contributions per 1,000 people; None: unknown."""

    name: str
    threads: int
    headcount: int | None

    @property
    def rate(self) -> float | None:
        return self.threads * 1000 / self.headcount if self.headcount else None


@dataclass(frozen=True, slots=True)
class Bodies:
    """Those that spoke, most contributions first, and those that did not, by name."""

    speaking: tuple[Body, ...]
    silent: tuple[Body, ...]

    @property
    def total(self) -> int:
        return len(self.speaking) + len(self.silent)


def bodies(taken_part: Participation) -> Bodies:
    """Every body of the city by what came from it. One query."""
    units = db.session.scalars(select(Unit).order_by(Unit.path)).all()
    tops = _tops(units)
    names = {unit.id: unit for unit in units}
    said: Counter[int] = Counter()
    for unit_id, threads in taken_part.units.items():
        unit = names.get(unit_id)
        top = next((top for top in tops if unit and unit.path.startswith(top.path)), unit)
        if top is not None:
            said[top.id] += threads
    found = [Body(top.name, said[top.id], top.headcount) for top in tops]
    found += [
        Body(names[key].name, said[key], names[key].headcount)
        for key in said
        if all(key != top.id for top in tops) and said[key]
    ]
    speaking = [body for body in found if body.threads]
    silent = [body for body in found if not body.threads]
    return Bodies(
        speaking=tuple(sorted(speaking, key=lambda body: (-body.threads, body.name))),
        silent=tuple(sorted(silent, key=lambda body: body.name)),
    )


def _tops(units: Sequence[Unit]) -> list[Unit]:
    """The units just below the root; where there are several roots, these."""
    roots = [unit for unit in units if unit.parent_id is None and unit.closed_at is None]
    if len(roots) != 1:
        return roots
    below = [unit for unit in units if unit.parent_id == roots[0].id and unit.closed_at is None]
    return below or roots
