"""`python -m benchmarks [TOPIC …] [--quick]`: print the tables and keep them as JSON."""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks import texts
from benchmarks.table import Row, Topic, show
from benchmarks.topics import growing, posting, reading, starting, threads, visiting, working

TOPICS: Sequence[Topic] = (
    *(module.TOPIC for module in (reading, threads, posting, working, visiting, starting, growing)),
    *texts.TOPICS,
)
RESULTS = Path(__file__).parent / "results"
WIDTH = 150


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("topics", nargs="*", metavar="TOPIC", help=", ".join(_names()))
    parser.add_argument("--quick", action="store_true", help="few rounds, small data")
    asked = parser.parse_args()
    if unknown := set(asked.topics) - set(_names()):
        parser.error(f"no topic is called {', '.join(sorted(unknown))}")
    chosen = [topic for topic in TOPICS if not asked.topics or topic.name in asked.topics]
    console, progress = Console(width=WIDTH), Console(stderr=True)
    taken: dict[str, list[Row]] = {}
    for topic in chosen:
        rows = taken.setdefault(topic.name, [])
        for row in topic.measure(asked.quick):
            rows.append(row)
            progress.print(f"{row.what}: {row.figure}", style="dim")
        show(topic, rows, console)
    console.print(f"kept in {_keep(taken)}")
    return 0


def _names() -> list[str]:
    return [topic.name for topic in TOPICS]


def _keep(taken: Mapping[str, Sequence[Row]]) -> Path:
    at = datetime.now(UTC)
    told: dict[str, Any] = {
        "at": at.isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} processors",
        "python": platform.python_version(),
        "topics": {name: [asdict(row) for row in rows] for name, rows in taken.items()},
    }
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{at:%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False), "utf-8")
    return path


if __name__ == "__main__":
    raise SystemExit(main())
