"""What a drafting check finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Flaw:
    """source[start:end] breaks the rule `code`; `args` fill the sentence that says so.

    `fix`: what to write there instead, where that is safe; else None.
    """

    start: int
    end: int
    code: str
    args: Mapping[str, str] = field(default_factory=dict)
    fix: str | None = None
