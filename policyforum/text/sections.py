"""A text cut into its sections: every character belongs to exactly one of them.

The sections' texts, in order, join to the source exactly; what a section owns stops where its
first child begins. The structure comes from the words of an Indonesian legal text when BAB, Pasal
or diktum lines are found, else from Markdown headings.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from policyforum.text.headings import heading_marks
from policyforum.text.legal import hidden_heads, legal_marks
from policyforum.text.marks import Finding, Mark


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a text, in order of the source.

    `position` counts from 0 in reading order, `parent` is the parent's position. `number` is the
    marker as cited ("III", "Kesatu", "7", "2", "b"; "" when none), `label` the citation ("Pasal 7
    ayat (2) huruf b"), `heading` the title words. `offset` counts characters (Unicode code points)
    from the start of the source. `text` is the section's own Markdown with its marker or heading
    line and without its children's.
    """

    position: int
    parent: int | None
    kind: str
    number: str
    label: str
    heading: str
    offset: int
    text: str

    @property
    def end(self) -> int:
        """Where the section's own text ends in the source."""
        return self.offset + len(self.text)


@dataclass(frozen=True, slots=True)
class Outline:
    """The sections of one text and the spots its structure is in doubt, by line."""

    sections: tuple[Section, ...]
    warnings: tuple[Finding, ...] = ()


def split(source: str) -> Outline:
    """Cut any text into sections; never fails, never loses a character."""
    legal = legal_marks(source)
    if legal is None:
        return Outline(_cut(source, heading_marks(source)), tuple(hidden_heads(source)))
    marks, findings = legal
    return Outline(_cut(source, marks), tuple(findings))


def join(sections: Iterable[Section]) -> str:
    """The source the sections came from."""
    return "".join(section.text for section in sections)


def children(outline: Outline, position: int | None) -> tuple[Section, ...]:
    """The direct children of a section (None: the top level), in order."""
    return tuple(section for section in outline.sections if section.parent == position)


def ancestors(outline: Outline, position: int) -> tuple[Section, ...]:
    """The sections around a section, outermost first, itself not among them."""
    found: list[Section] = []
    parent = outline.sections[position].parent
    while parent is not None:
        found.append(outline.sections[parent])
        parent = outline.sections[parent].parent
    return tuple(reversed(found))


def _cut(source: str, marks: list[Mark]) -> tuple[Section, ...]:
    ends = [mark.offset for mark in marks[1:]] + [len(source)]
    return tuple(
        Section(
            position,
            mark.parent,
            mark.kind,
            mark.number,
            mark.label,
            mark.heading,
            mark.offset,
            source[mark.offset : end],
        )
        for position, (mark, end) in enumerate(zip(marks, ends, strict=True))
    )
