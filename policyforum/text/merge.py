"""Merge two people's changes to one text: by section, then by line, then by word."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from policyforum.text.increasing import longest_increasing
from policyforum.text.keyed import KeyedSection, keyed
from policyforum.text.lineage import carry
from policyforum.text.sections import Section, split
from policyforum.text.threeway import Clash, merge_text
from policyforum.text.words import words_of

LONGEST_CONTEXT: Final = 160


@dataclass(frozen=True, slots=True)
class Conflict:
    """Words both sides changed in different ways; "" where a side removed them.

    `section_label` cites the section of our text (of theirs when we removed it). `before` and
    `after` are what surrounds the words on their line in the merged text, far ends cut off.
    """

    section_label: str
    base: str
    ours: str
    theirs: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged text, which keeps ours wherever there is a conflict."""

    source: str
    conflicts: tuple[Conflict, ...]


def merge3(base: str, ours: str, theirs: str) -> Merged:
    """Merge `ours` and `theirs`, both made from `base`.

    Where a merge by lines finds no conflict the outcome is that of `git merge-file`; else sections
    are paired first, so that one side may move or renumber what the other edits.
    """
    if ours == theirs or theirs == base:
        return Merged(ours, ())
    if ours == base:
        return Merged(theirs, ())
    parts = merge_text(base, ours, theirs)
    if not any(isinstance(part, Clash) for part in parts):
        return Merged("".join(part for part in parts if isinstance(part, str)), ())
    whole = _labelled(parts)
    if max(len(split(text).sections) for text in (base, ours, theirs)) == 1:
        return whole
    by_section = _SectionMerge(base, ours, theirs).merged()
    if len(by_section.conflicts) > len(whole.conflicts):
        return whole
    return whole if _doubles(base, ours, theirs, by_section.source) else by_section


def _doubles(base: str, ours: str, theirs: str, merged: str) -> bool:
    """Whether words stand in the merged text more often than the base and both additions explain.

    So it is where either side turned a section into something else and both outcomes were kept.
    """
    before = Counter(words_of(base))
    mine, other = Counter(words_of(ours)) - before, Counter(words_of(theirs)) - before
    return bool(Counter(words_of(merged)) - before - mine - other)


def _labelled(parts: Sequence[str | Clash]) -> Merged:
    source, clashes = _joined(parts)
    sections = split(source).sections
    conflicts: list[Conflict] = []
    section = 0
    for at, clash in clashes:
        while section + 1 < len(sections) and sections[section + 1].offset <= at:
            section += 1
        label = sections[section].label if sections else ""
        conflicts.append(_conflict(label, clash, source, at))
    return Merged(source, tuple(conflicts))


def _joined(parts: Sequence[str | Clash]) -> tuple[str, list[tuple[int, Clash]]]:
    """The merged text, with ours where there is a clash, and where in it each clash begins."""
    text = ""
    clashes: list[tuple[int, Clash]] = []
    for part in parts:
        if isinstance(part, Clash):
            clashes.append((len(text), part))
        text += part.ours if isinstance(part, Clash) else part
    return text, clashes


def _conflict(label: str, clash: Clash, text: str, at: int) -> Conflict:
    lead = text[:at].rpartition("\n")[2]
    rest = text[at + len(clash.ours) :].partition("\n")[0]
    if len(lead) > LONGEST_CONTEXT:
        lead = "…" + lead[-LONGEST_CONTEXT:].partition(" ")[2]
    if len(rest) > LONGEST_CONTEXT:
        rest = rest[:LONGEST_CONTEXT].rpartition(" ")[0] + "…"
    return Conflict(label, clash.base, clash.ours, clash.theirs, lead, rest)


class _SectionMerge:
    """Pairs the sections of the three texts, merges their order, then each one's words."""

    def __init__(self, base: str, ours: str, theirs: str) -> None:
        sections = split(base).sections
        self._base = keyed((f"base{at}" for at in range(len(sections))), sections)
        self._ours = self._carried(split(ours).sections, "ours")
        self._theirs = self._carried(split(theirs).sections, "theirs")
        self._texts: dict[str, Mapping[str, KeyedSection]] = {
            "base": {entry.key: entry for entry in self._base},
            "ours": {entry.key: entry for entry in self._ours},
            "theirs": {entry.key: entry for entry in self._theirs},
        }
        self._conflicts: list[Conflict] = []

    def merged(self) -> Merged:
        """The merge of the three texts."""
        texts = [(key, self._text(key)) for key in self._order()]
        self._note_removed()
        source = ""
        for _, text in texts:
            if text and source and not source.endswith("\n"):
                source += "\n\n"  # it used to be the last section
            source += text
        return Merged(source, tuple(self._conflicts))

    def _carried(self, sections: Sequence[Section], side: str) -> tuple[KeyedSection, ...]:
        names = iter(range(len(sections) + 1))
        carried = carry(self._base, sections, lambda: f"{side}{next(names)}")
        return keyed((section.key for section in carried.sections), sections)

    def _of(self, side: str, key: str) -> str | None:
        entry = self._texts[side].get(key)
        return entry.section.text if entry else None

    def _order(self) -> list[str]:
        """Our order, with what they added or moved put after the section it follows in theirs."""
        ours, theirs = self._texts["ours"], self._texts["theirs"]
        twins = {entry.section.text for entry in self._ours if entry.key not in self._texts["base"]}
        travelled = self._travelled(self._theirs) - self._travelled(self._ours)
        stay = [key for key in ours if key not in travelled]
        followers: dict[str, list[str]] = defaultdict(list)
        before = ""
        for key, entry in theirs.items():
            added = key not in self._texts["base"] and entry.section.text not in twins
            if key in ours and key not in travelled:
                before = key
            elif added or key in ours:
                followers[before].append(key)
        order: list[str] = []
        waiting = followers[""]
        for key in stay:
            if key in self._texts["base"]:  # what we added ourselves comes first
                order += waiting
                waiting = followers[key]
            order.append(key)
        return order + waiting

    def _travelled(self, side: Sequence[KeyedSection]) -> set[str]:
        """Sections that left their place in the order of the base."""
        places = {entry.key: at for at, entry in enumerate(self._base)}
        shared = [entry for entry in side if entry.key in places]
        stayed = longest_increasing(
            [places[entry.key] for entry in shared],
            [len(entry.section.text) for entry in shared],
        )
        return {entry.key for entry in shared} - {shared[at].key for at in stayed}

    def _text(self, key: str) -> str:
        base, ours, theirs = (self._of(side, key) for side in ("base", "ours", "theirs"))
        if base is None:
            return ours if ours is not None else theirs or ""
        if ours is None:
            return ""
        if theirs is None:
            if ours.split() == base.split():
                return ""
            self._clash(key, Clash(base, ours, ""))
            return ours
        merged, clashes = _joined(merge_text(base, ours, theirs))
        for at, clash in clashes:
            self._clash(key, clash, merged, at)
        return merged

    def _note_removed(self) -> None:
        """What we removed while they edited it."""
        for key, entry in self._texts["theirs"].items():
            base = self._of("base", key)
            gone = base is not None and key not in self._texts["ours"]
            if gone and base is not None and base.split() != entry.section.text.split():
                self._clash(key, Clash(base, "", entry.section.text))

    def _clash(self, key: str, clash: Clash, text: str = "", at: int = 0) -> None:
        """Note a clash of a section; `text`, `at`: the merged text it lies in, and where."""
        entry = self._texts["ours"].get(key) or self._texts["theirs"][key]
        self._conflicts.append(_conflict(entry.section.label, clash, text, at))
