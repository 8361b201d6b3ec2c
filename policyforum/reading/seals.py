"""The heads of the audit record as a page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from policyforum.audit.heads import heads_before, signed_head
from policyforum.web.paging import PAGE, Page, decode_cursor, page_of

NOTES = 2_000  # about as many as are made in three years


@dataclass(frozen=True, slots=True)
class Seal:
    """One head: how many entries it speaks for, since when, their root, and the signed note."""

    size: int
    at: datetime
    root: str
    note: str


def seals(cursor: str = "") -> Page[Seal]:
    """Newest first. One query."""
    before = decode_cursor(cursor, (int,))
    rows = heads_before(int(before[0]) if before else None, PAGE + 1)
    page = page_of(rows, PAGE, lambda row: [row.size])
    found = [Seal(r.size, r.at, signed_head(r).head.root.hex(), r.note) for r in page.items]
    return Page(found, page.next)
