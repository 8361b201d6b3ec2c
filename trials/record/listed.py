"""All trials of people at once and of the record, in the order of the list."""

from __future__ import annotations

from trials.record.drafting import DRAFTING

RECORD = (*DRAFTING,)
