"""F24: Markdown and comparisons made to be slow, through the doors that take them.

Time is the processor's, so that a busy machine is no fault.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from unittest.mock import patch

from policyforum.text import markdown
from policyforum.text.diff import compare
from policyforum.text.keyed import keyed
from policyforum.text.sections import split
from tests.access.world import ALL_ROLES, build
from tests.people import Browser, hidden_fields
from trials.attack.pathological import KINDS
from trials.attack.worlds import Forum, forum
from trials.trial import Outcome, Trial

LONGEST_COMMENT = 10_000
SECTION = 64 * 1024
LIMIT = 1.0  # seconds
SHORT_FORM = (
    "nested strong emphasis",
    "a table with wide rows",
    "link openers and emphasis closers",
    "autolinks left open",
    "nested brackets",
)
"""What has been slow here or elsewhere."""


@dataclass(frozen=True, slots=True)
class Taken:
    """How long it took, and the answer's status (200 for what is not asked through a door)."""

    name: str
    seconds: float
    status: int = 200

    @property
    def is_fine(self) -> bool:
        return (self.seconds <= LIMIT and self.status < 400) or 400 <= self.status < 500


class Desk:
    """Somebody who sends such texts to the forum."""

    def __init__(self, place: Forum) -> None:
        self._world = build(place.app)
        self._browser = Browser(place.app)
        self._browser.sign_in(ALL_ROLES)
        thread = f"/threads/{self._world.ids['thread']}"
        self._reply, self._thread = f"{thread}/replies", thread
        self._draft = f"/policies/{self._world.slugs['staff']}/draft"

    def comment(self, name: str, text: str) -> Taken:
        """Send a reply and read the page it is on."""
        began = time.process_time()
        form = {"body": text, "parent": self._world.ids["comment"]}
        answer = self._browser.post(self._reply, form, page=self._thread)
        return Taken(f"comment: {name}", time.process_time() - began, answer.status_code)

    def preview(self, name: str, text: str) -> Taken:
        """Look at a draft as it would be read."""
        page = self._browser.get(self._draft).get_data(as_text=True)
        form = {**hidden_fields(page), "source": text, "with_preview": "1"}
        began = time.process_time()
        headers = {"X-Fragment": "1"}
        answer = self._browser.client.post(f"{self._draft}/preview", data=form, headers=headers)
        return Taken(f"draft: {name}", time.process_time() - began, answer.status_code)


def tried(full: bool) -> list[Taken]:
    """Every kind of text as a comment, as a section of a draft and beyond; then comparisons."""
    kinds = {name: KINDS[name] for name in (KINDS if full else SHORT_FORM)}
    with forum() as place:
        desk = Desk(place)
        for way in (desk.preview, desk.comment):
            way("the first page loads what all need", "a")
        taken = [desk.comment(name, kind(LONGEST_COMMENT)[:LONGEST_COMMENT].strip())
                 for name, kind in kinds.items()]  # fmt: skip
        taken += [desk.preview(name, kind(SECTION)[:SECTION]) for name, kind in kinds.items()]
        if full:
            taken.append(desk.preview("a line of 10 MB", "a " * 5_000_000))
            taken.append(desk.preview("10,000 footnotes", _footnotes(10_000)))
            taken.append(desk.preview("a table of 5,000 rows", _table(5_000)))
    return [*taken, *_comparisons(1_000_000 if full else 100_000)]


def _footnotes(count: int) -> str:
    marks = "\n\n".join(f"Kalimat[^{number}]." for number in range(count))
    return marks + "\n\n" + "\n".join(f"[^{number}]: Catatan." for number in range(count))


def _table(rows: int) -> str:
    return "| a | b | c |\n|---|---|---|\n" + "| 1 | dua | tiga |\n" * rows


def _sections(word: str, size: int) -> str:
    return "".join(f"# {word}{n}\n\n{f'{word}x{n} ' * 25}\n\n" for n in range(size // 200))


def _lines(word: str, size: int) -> str:
    return "".join(f"{word}{n} {word}x {word}y{n}\n" for n in range(size // 16))


def _one_line(word: str, size: int) -> str:
    return " ".join(f"{word}{n}" for n in range(size // 6))


def _one_word(word: str, size: int) -> str:
    return f"{word} " * (size // 2)


SHAPES: dict[str, Callable[[str, int], str]] = {
    "many sections": _sections,
    "many lines": _lines,
    "one line": _one_line,
    "one word over and over": _one_word,
}


def _comparisons(size: int) -> list[Taken]:
    """Two texts without a common line: many sections, one section, one line, one word over."""
    return [_compared(name, shape("a", size), shape("b", size)) for name, shape in SHAPES.items()]


def _compared(name: str, old: str, new: str) -> Taken:
    sides = []
    for prefix, source in (("o", old), ("n", new)):
        sections = split(source).sections
        sides.append(keyed([f"{prefix}{number}" for number in range(len(sections))], sections))
    began = time.process_time()
    compare(*sides)
    return Taken(f"comparison: {name}", time.process_time() - began)


def run(full: bool) -> Outcome:
    taken = tried(full)
    slow = [one for one in taken if not one.is_fine]
    worst = max(taken, key=lambda one: one.seconds)
    told = [f"{len(taken)} texts, {len(slow)} too slow"]
    told.append(f"slowest {worst.seconds:.2f} s ({worst.name})")
    told += [f"{one.name}: {one.seconds:.2f} s, {one.status}" for one in slow[:4]]
    return Outcome("; ".join(told), not slow)


def broken(full: bool) -> Outcome:
    """Without the measure for tables, and without the one for paragraphs."""
    with (
        patch.object(markdown, "_is_written_out", lambda *_table: True),
        patch.object(markdown, "LONGEST_PARAGRAPH", SECTION),
    ):
        return run(full)


TRIAL = Trial(
    name="F24",
    what="Markdown that halts parsers, 64 KB sections, a 10 MB line, footnotes, tables; comparisons"
    " of two texts of 1 MB without a common line",
    goal="each ≤ 1 s of processor time, or refused",
    run=run,
    breaks="short rows of tables filled up without measure",
    broken=broken,
)
