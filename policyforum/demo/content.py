"""Reading the demo's content: TOML and Markdown under `content/`, times told from "now"."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

CONTENT = Path(__file__).resolve().parent / "content"
WIB = ZoneInfo("Asia/Jakarta")

_HOURS = re.compile(r"-(\d+)h")
_DAYS = re.compile(r"([+-]\d+)d (\d\d):(\d\d)")


def table(name: str) -> dict[str, Any]:
    """One of the TOML files."""
    return tomllib.loads((CONTENT / name).read_text("utf-8"))


def text(name: str) -> str:
    """One of the Markdown files, as it is."""
    return (CONTENT / name).read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Calendar:
    """Turns the content's times into moments: `-49d 08:00`, `+4d 16:00` (WIB), `-3h`."""

    now: datetime

    def moment(self, at: str) -> datetime:
        if hours := _HOURS.fullmatch(at):
            return self.now - timedelta(hours=int(hours[1]))
        days = _DAYS.fullmatch(at)
        if days is None:
            raise ValueError(f"{at!r} is not a time of the demo")
        day = self.now.astimezone(WIB) + timedelta(days=int(days[1]))
        return day.replace(hour=int(days[2]), minute=int(days[3]), second=0, microsecond=0)
