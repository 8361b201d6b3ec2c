"""`python -m trials [NAME …] [--short]`: print one table and keep it as JSON."""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from trials.attack.listed import ATTACK
from trials.record.listed import RECORD
from trials.storage.listed import STORAGE
from trials.trial import Outcome, Told, Trial, is_fine, missing, show

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
    rows: list[Told] = []
    try:
        with _folder_that_goes_away():
            for trial in chosen:
                console.print(f"{trial.name}: {trial.what} …")
                rows.append(tried(trial, not asked.short))
                console.print(f"  {_in_short(rows[-1])}", highlight=False)
    finally:  # whoever stops it has what was seen up to then
        if rows:
            show(rows, console)
            console.print(f"kept in {_keep(rows)}")
    return 0 if all(is_fine(row) for row in rows) else 1


def _in_short(row: Told) -> str:
    if row.outcome is None:
        return row.why
    verdict = "holds" if row.outcome.holds else "MISSED"
    return f"{verdict} after {row.seconds:.0f} s: {row.outcome.figure}"


@contextmanager
def _folder_that_goes_away() -> Iterator[None]:
    """All folders that trials make lie in this one, whatever becomes of the trials."""
    folder = Path(tempfile.mkdtemp(prefix="policyforum-trials-"))
    folder.chmod(0o755)  # PostgreSQL's account must get through
    tempfile.tempdir = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = None
        shutil.rmtree(folder, ignore_errors=True)


def _is_named(trial: Trial, names: Sequence[str]) -> bool:
    return any(trial.name == name or trial.name.startswith(f"{name} ") for name in names)


def tried(trial: Trial, full: bool) -> Told:
    """Try it and its mutant; one that raises has failed, and the others go on."""
    if wanting := missing(trial.needs):
        return Told(trial, None, None, 0.0, f"needs {', '.join(wanting)}")
    began = time.monotonic()
    outcome = _seen(trial.run, full)
    mutant = _seen(trial.broken, full)
    return Told(trial, outcome, mutant, time.monotonic() - began)


def _seen(run: Callable[[bool], Outcome], full: bool) -> Outcome:
    try:
        return run(full)
    except Exception as error:
        traceback.print_exc()
        cause = f"{type(error).__name__}: {error}"
        return Outcome(f"broke off: {cause[:300]}", holds=False, broke_off=True)


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
