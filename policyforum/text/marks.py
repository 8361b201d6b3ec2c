"""What the two readers of structure (generic Markdown, legal form) hand to `sections.split`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

# Markdown knows three line ends. Form feed, U+2028 and the like are characters of a line.
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")


@dataclass(frozen=True, slots=True)
class Finding:
    """A doubtful spot: `line` counts from 1, `code` names the doubt, `args` fill its message."""

    line: int
    code: str
    args: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Mark:
    """Where a section begins; it ends where the next mark begins."""

    offset: int
    parent: int | None
    kind: str
    number: str = ""
    label: str = ""
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the source with its line end, and the offset it begins at."""

    number: int
    offset: int
    text: str

    @property
    def end(self) -> int:
        return self.offset + len(self.text)


def lines(source: str) -> Iterator[Line]:
    """Yield every line; their texts join to the source exactly."""
    for number, found in enumerate(_LINE.finditer(source), start=1):
        yield Line(number, found.start(), found.group())
