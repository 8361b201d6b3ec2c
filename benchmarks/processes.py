"""What processes cost on Linux: the processor time and the memory of whole trees."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

PROCESS_CLOCK = 2
"""With a process id it makes the number of that process's clock, as `clock_getcpuclockid` does."""


class Memory(NamedTuple):
    """In bytes. `pss`: what is shared with other processes counts in shares."""

    rss: int
    pss: int


def cpu_seconds(roots: Iterable[int]) -> float:
    """The processor time so far of these processes and all below them."""
    return sum(_cpu_of(pid) for pid in tree(roots))


def tree(roots: Iterable[int]) -> list[int]:
    """These processes and everything below them."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found = list(roots)
    for pid in found:
        found += children.get(pid, ())
    return found


def memory(pid: int) -> Memory:
    sizes = {"Rss": 0, "Pss": 0}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        name, _colon, rest = line.partition(":")
        if name in sizes:
            sizes[name] = int(rest.split()[0]) * 1024
    return Memory(sizes["Rss"], sizes["Pss"])


def _cpu_of(pid: int) -> float:
    """Of all its threads, those that ended as well; /proc/PID/stat tells it by hundredths only."""
    try:
        return time.clock_gettime(~pid << 3 | PROCESS_CLOCK)
    except OSError:  # gone
        return 0.0


def _stat(pid: int) -> list[str]:
    """The fields after the program's name, which may hold anything; none when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
