"""What a benchmark says: one row a measure, one table a topic."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Row:
    """One measure. `figure` is compared with `bar`; both say their unit or yardstick.

    `holds`: None where there is no bar. `note`: why a bar was missed, or what was left out.
    `values`: the figures for programs, in seconds and bytes.
    """

    what: str
    figure: str
    bar: str = ""
    holds: bool | None = None
    note: str = ""
    values: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Topic:
    """A table of the benchmark; `measure(quick)` takes the figures, few of them when quick."""

    name: str
    title: str
    measure: Callable[[bool], Iterable[Row]]


def show(topic: Topic, rows: Sequence[Row], console: Console) -> None:
    """Print one topic's table."""
    table = Table(title=topic.title, title_justify="left")
    for heading in ("what", "figure", "bar", "", "note"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        verdict = {None: "", True: "holds", False: "MISSED"}[row.holds]
        table.add_row(row.what, row.figure, row.bar, verdict, row.note)
    console.print(table)
