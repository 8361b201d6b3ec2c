"""What is said about a draft while it is written: its structure, and doubts about it, in words."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from flask_babel import ngettext

from policyforum.drafting.flaws import citation_message, flaw_message
from policyforum.text import kinds
from policyforum.text.checks import check
from policyforum.text.fixes import Fix, name_of_all, names
from policyforum.text.flaws import Flaw
from policyforum.text.headings import title_beside
from policyforum.text.marks import Finding, lines
from policyforum.text.renumbering import CODE as RENUMBERED
from policyforum.text.renumbering import Correction
from policyforum.text.sections import Outline, Section, join

SMALL = kinds.LISTS | {kinds.AYAT, kinds.EKOR}


@dataclass(frozen=True, slots=True)
class Issue:
    """A doubt about one line (from 1); `code` is for programs, `message` for people.

    `fix`: what would settle it, where that is safe; `name`: what it is asked for by.
    """

    line: int
    code: str
    message: str
    fix: Fix | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Findings:
    """`citations`: those that renumbering made wrong; `issues`: every other doubt, by line."""

    citations: tuple[Issue, ...]
    issues: tuple[Issue, ...]

    @property
    def all_citations(self) -> str:
        """The name of all corrections of citations together, if there is more than one."""
        found = [issue.name for issue in self.citations if issue.fix]
        return name_of_all(found) if len(found) > 1 else ""

    def fixes(self, name: str) -> list[Fix]:
        """What is called so in this text; nothing when it is there no more."""
        if name and name == self.all_citations:
            return [issue.fix for issue in self.citations if issue.fix]
        return [
            issue.fix
            for issue in (*self.citations, *self.issues)
            if issue.fix and issue.name == name
        ]


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """One line of the recognised structure: a chapter, an article, a heading.

    `line` is where it begins, `parts` how many smaller sections (ayat, huruf, …) it holds.
    """

    depth: int
    label: str
    heading: str
    line: int
    parts: int


def findings_of(outline: Outline, wrong: Sequence[Correction] = ()) -> Findings:
    """Every doubt about a text; `wrong`: its citations that mean another provision than before."""
    source = join(outline.sections)
    starts = _line_starts(source)
    citations = [_citation(correction, source, starts) for correction in wrong]
    told = {(correction.start, correction.end) for correction in wrong}
    flaws = [flaw for flaw in check(outline) if (flaw.start, flaw.end) not in told]
    issues = [Issue(item.line, item.code, _message(item)) for item in outline.warnings]
    if not source.strip():
        issues.append(Issue(1, "empty", _("The text is empty.")))
    elif all(section.kind == kinds.PREAMBLE for section in outline.sections):
        message = _("No headings found: people can only comment on the whole.")
        issues.append(Issue(1, "no_headings", message))
    else:
        issues += _same_names(outline, starts)
        issues += (_flaw(flaw, starts) for flaw in flaws)
    issues.sort(key=lambda issue: issue.line)
    return Findings(_named(citations, source), _named(issues, source))


def entries_of(outline: Outline) -> list[OutlineEntry]:
    """The structure down to articles and headings; what is below them is counted."""
    starts = _line_starts(join(outline.sections))
    depths: list[int] = []
    owners: list[int] = []
    for section in outline.sections:
        shows = section.kind not in SMALL or section.parent is None
        parent = section.parent
        depths.append(0 if parent is None else depths[parent] + 1)
        owners.append(section.position if shows or parent is None else owners[parent])
    parts = Counter(owners)
    return [
        OutlineEntry(
            depths[section.position],
            _own_label(section, outline),
            title_beside(section.label, section.heading),
            bisect_right(starts, section.offset),
            parts[section.position] - 1,
        )
        for section in outline.sections
        if owners[section.position] == section.position and section.text.strip()
    ]


def summary_of(outline: Outline) -> str:
    """What was recognised, in one line: `8 chapters, 42 articles, 118 paragraphs`."""
    count = Counter(section.kind for section in outline.sections)
    words = [
        (kinds.BAB, ngettext("%(num)d chapter", "%(num)d chapters", count[kinds.BAB])),
        (kinds.PASAL, ngettext("%(num)d article", "%(num)d articles", count[kinds.PASAL])),
        (kinds.DIKTUM, ngettext("%(num)d provision", "%(num)d provisions", count[kinds.DIKTUM])),
        (kinds.AYAT, ngettext("%(num)d paragraph", "%(num)d paragraphs", count[kinds.AYAT])),
        (kinds.HEADING, ngettext("%(num)d heading", "%(num)d headings", count[kinds.HEADING])),
    ]
    return ", ".join(word for kind, word in words if count[kind]) or _("No headings")


def _own_label(section: Section, outline: Outline) -> str:
    """The citation without the part its parent's line says already."""
    if section.parent is None:
        return section.label
    return section.label.removeprefix(f"{outline.sections[section.parent].label} ")


def _message(finding: Finding) -> str:
    words = finding.args.get("words", "")
    messages = {
        "W-URUT": _("“%(words)s” is out of order.", words=words),
        "W-ANGKA": _("“%(words)s”: the number of this article looks misread.", words=words),
        "W-BARIS": _("“%(words)s” should begin on a line of its own.", words=words),
        "W-ULANG": _("“%(words)s” begins a list again inside a list of its kind.", words=words),
    }
    return messages.get(finding.code) or _("Check “%(words)s”.", words=words)


def _same_names(outline: Outline, starts: list[int]) -> list[Issue]:
    """Headings that carry the words of an earlier one beside them, so that citing is unclear."""
    seen: set[tuple[int | None, str]] = set()
    found = []
    message = _("Another section beside it is also called “%(label)s”.")  # looked up once for all
    for section in outline.sections:
        name = (section.parent, section.label)
        if section.kind not in (kinds.HEADING, kinds.PASAL, kinds.BAB):
            continue
        if name in seen:
            line = bisect_right(starts, section.offset)
            found.append(Issue(line, "same_name", message % {"label": section.label}))
        seen.add(name)
    return found


def _flaw(flaw: Flaw, starts: list[int]) -> Issue:
    fix = None if flaw.fix is None else Fix(flaw.start, flaw.end, flaw.fix, flaw.code)
    return Issue(bisect_right(starts, flaw.start), flaw.code, flaw_message(flaw), fix)


def _citation(wrong: Correction, source: str, starts: list[int]) -> Issue:
    words = " ".join(source[wrong.start : wrong.end].split())
    message = citation_message(words, wrong.words)
    fix = Fix(wrong.start, wrong.end, wrong.words, RENUMBERED) if wrong.words else None
    return Issue(bisect_right(starts, wrong.start), RENUMBERED, message, fix)


def _named(issues: Iterable[Issue], source: str) -> tuple[Issue, ...]:
    """The same issues, those with a fix under its name."""
    found = list(issues)
    given = iter(names(source, [issue.fix for issue in found if issue.fix]))
    return tuple(replace(issue, name=next(given)) if issue.fix else issue for issue in found)


def _line_starts(source: str) -> list[int]:
    return [line.offset for line in lines(source)]
