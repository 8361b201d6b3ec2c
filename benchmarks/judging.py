"""Requests to compare, and comparisons as rows of the table, held against their bars."""

from __future__ import annotations

from benchmarks.client import MakeRequest, get
from benchmarks.comparing import Comparison
from benchmarks.table import Row

BROWSER = "Accept-Encoding: gzip, deflate, br, zstd"


def asks(path: str, *headers: str) -> MakeRequest:
    """Makes the same GET again and again; empty header lines are left out."""
    request = get(path, *filter(None, headers))
    return lambda: request


def row_of(
    what: str, found: Comparison, *, rate: float | None = None, cpu: float | None = None
) -> Row:
    """`rate`: at least so much of Y's answers a second; `cpu`: at most so much of its CPU."""
    bars = []
    if rate is not None:
        bars.append((f"≥ {rate:g} Y", found.rate_ratio >= rate))
    if cpu is not None:
        bars.append((f"CPU× ≤ {cpu:g}", found.cpu_ratio <= cpu))
    return Row(
        what,
        f"{found.rate_ratio:.3f} Y, CPU× {found.cpu_ratio:.1f}",
        ", ".join(told for told, _holds in bars),
        all(holds for _told, holds in bars) if bars else None,
        f"{found.rate:,.0f}/s, {found.cpu * 1000:.2f} ms CPU, {found.size / 1000:.0f} kB; "
        f"client alone {found.ceiling:,.0f}/s",
        found.values,
    )
