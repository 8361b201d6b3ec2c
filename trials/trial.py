"""What a trial is, and the one table that all of them are told in."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from shutil import which
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was seen: the figures in words, and whether the goal was reached.

    `broke_off`: it came to no end; `figure` says why, and nothing was shown.
    """

    figure: str
    holds: bool
    broke_off: bool = False


@dataclass(frozen=True, slots=True)
class Trial:
    """A fault or an attack, and what must hold under it.

    `name`: as in the list of trials, e.g. "F1 sqlite". `run(full)` tries it, in its short form
    unless `full`. `mutant` breaks the product on purpose (`breaks` says how) and must be seen to
    fail: `broken(full)` is the same trial on the broken product. `needs`: programs the trial can't
    do without, or `MOUNTING`; where one is missing, the trial is told as not run.
    """

    name: str
    what: str
    goal: str
    run: Callable[[bool], Outcome]
    breaks: str
    broken: Callable[[bool], Outcome]
    needs: tuple[str, ...] = ()


ANY_TIME = float("inf")
"""The limit in seconds of short forms and mutants: how fast a busy machine is proves nothing."""

MOUNTING = "the right to mount"
"""Among what a trial needs: it makes disks of its own."""


def missing(needs: Sequence[str]) -> list[str]:
    """What of this is not to be had on this machine."""
    return [need for need in needs if not (_may_mount() if need == MOUNTING else which(need))]


@cache
def _may_mount() -> bool:
    with TemporaryDirectory() as folder:
        if which("mount") is None or os.geteuid() != 0:
            return False
        mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]
        if subprocess.run(mount, capture_output=True).returncode != 0:
            return False
        subprocess.run(["umount", folder], check=True)
        return True


@dataclass(frozen=True, slots=True)
class Told:
    """One row of the table. `outcome`, `mutant`: None where it was not run; `why` says why."""

    trial: Trial
    outcome: Outcome | None
    mutant: Outcome | None
    seconds: float
    why: str = ""


def is_fine(row: Told) -> bool:
    """Whether the goal was reached, and was missed by the mutant; or why it could not be tried."""
    if row.outcome is None or row.mutant is None:
        return bool(row.why)
    return row.outcome.holds and not row.mutant.holds and not row.mutant.broke_off


def show(rows: Sequence[Told], console: Console) -> None:
    """Print the table."""
    table = Table(title="Trust", title_justify="left")
    for heading in ("trial", "what was done", "figure", "goal", "", "mutant seen to fail", "s"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(
            row.trial.name,
            row.trial.what,
            row.outcome.figure if row.outcome else row.why,
            row.trial.goal,
            _verdict(row.outcome),
            _mutant(row),
            f"{row.seconds:.0f}",
        )
    console.print(table)


def _verdict(outcome: Outcome | None) -> str:
    if outcome is None:
        return "not run"
    if outcome.broke_off:
        return "BROKE OFF"
    return "holds" if outcome.holds else "MISSED"


def _mutant(row: Told) -> str:
    if row.mutant is None:
        return f"{row.trial.breaks}: not run"
    seen = "NOT CAUGHT" if row.mutant.holds else "failed"
    seen = "BROKE OFF" if row.mutant.broke_off else seen
    return f"{row.trial.breaks}: {seen} ({row.mutant.figure})"
