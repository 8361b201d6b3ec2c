"""How mutants are made: the program, broken from outside before the rest of it is imported.

The product has no switches for this. Each group of trials has a module `broken` with its faults:
`python -m trials.GROUP.broken FAULT+FAULT …` is the command `policyforum …` with these in it. A
fault may have values: "die-at:7".
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Faults = Mapping[str, Callable[..., None]]


def command(module: str, faults: Sequence[str]) -> tuple[str, ...]:
    """How to start the program with these faults in it."""
    return (sys.executable, "-m", module, "+".join(faults))


def put(owner: Any, name: str, value: Any) -> None:
    """Put something else in the place of a part of the product."""
    setattr(owner, name, value)


def run(name: str, faults: Faults) -> None:
    """Be the program, if the module called `name` is what was started; else do nothing.

    Worker processes that are spawned anew import that module again and are broken alike.
    """
    if name not in ("__main__", "__mp_main__"):
        return
    for word in sys.argv[1].split("+"):
        fault, *values = word.split(":")
        faults[fault](*values)
    if name == "__main__":
        importlib.import_module("policyforum.cli").main(sys.argv[2:], prog_name="policyforum")
