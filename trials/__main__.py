"""`python -m trials [NAME …] [--short]`: print one table and keep it as JSON."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from trials.attack.listed import ATTACK
from trials.record.listed import RECORD
from trials.storage.listed import STORAGE
from trials.trial import Told, Trial, missing, show

TRIALS: Sequence[Trial] = (*STORAGE, *RECORD, *ATTACK)
RESULTS = Path(__file__).parent / "results"
WIDTH = 180


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m trials", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="begins the trials' names: F1 F15")
    parser.add_argument("--short", action="store_true", help="the forms that run in make test")
    asked = parser.parse_args()
    chosen = [trial for trial in TRIALS if not asked.names or _is_named(trial, asked.names)]
    if not chosen:
        parser.error(f"no trial is called so; there are {', '.join(t.name for t in TRIALS)}")
    # Told to stop, it stops what it has started, too.
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(1))
    console = Console(width=WIDTH)
    rows = []
    for trial in chosen:
        console.print(f"{trial.name}: {trial.what} …")
        rows.append(_tried(trial, not asked.short))
    show(rows, console)
    console.print(f"kept in {_keep(rows)}")
    return 0 if all(_is_fine(row) for row in rows) else 1


def _is_named(trial: Trial, names: Sequence[str]) -> bool:
    return any(trial.name == name or trial.name.startswith(f"{name} ") for name in names)


def _tried(trial: Trial, full: bool) -> Told:
    if wanting := missing(trial.needs):
        return Told(trial, None, None, 0.0, f"needs {', '.join(wanting)}")
    began = time.monotonic()
    outcome = trial.run(full)
    mutant = trial.broken(full)
    return Told(trial, outcome, mutant, time.monotonic() - began)


def _is_fine(row: Told) -> bool:
    if row.outcome is None or row.mutant is None:
        return bool(row.why)
    return row.outcome.holds and not row.mutant.holds


def _keep(rows: Sequence[Told]) -> Path:
    told = [
        {
            "trial": row.trial.name,
            "what": row.trial.what,
            "goal": row.trial.goal,
            "breaks": row.trial.breaks,
            "outcome": asdict(row.outcome) if row.outcome else row.why,
            "mutant": asdict(row.mutant) if row.mutant else None,
            "seconds": round(row.seconds, 1),
        }
        for row in rows
    ]
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{datetime.now(UTC):%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False), "utf-8")
    return path


if __name__ == "__main__":
    raise SystemExit(main())
