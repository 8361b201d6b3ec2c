"""Cross-references: what each citation in a text means, or that it points to nothing.

A citation without its outer levels ("ayat (1)") is read from where it stands. In an amending text
the articles it quotes are looked for first in the same quotation; what is not there belongs to the
amended regulation. Legal basis and recitals cite other regulations.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from policyforum.text import kinds
from policyforum.text.mentions import Mention, mentions
from policyforum.text.sections import Outline, Section

FOUND: Final = "found"
DANGLING: Final = "dangling"
EXTERNAL: Final = "external"

_SAME: Final = {
    kinds.HURUF: frozenset({kinds.HURUF, kinds.HURUFP}),
    kinds.ANGKA: frozenset({kinds.ANGKA, kinds.ANGKAP, kinds.INSTRUKSI}),
}
_ELUCIDATED: Final = {
    kinds.PENJELASAN_PASAL: kinds.PASAL,
    kinds.PENJELASAN_AYAT: kinds.AYAT,
    kinds.PENJELASAN_HURUF: kinds.HURUF,
    kinds.PENJELASAN_ANGKA: kinds.ANGKA,
}
_CITING_OTHERS: Final = frozenset({kinds.MENIMBANG, kinds.MENGINGAT, kinds.MEMPERHATIKAN})
_OWN_LEVELS: Final = frozenset({kinds.AYAT, kinds.HURUF, kinds.ANGKA})  # said of where one stands
_QUOTING: Final = frozenset({kinds.INSTRUKSI, kinds.LAMPIRAN})
_LEVELS: Final = frozenset(
    {
        kinds.BAB,
        kinds.LAMPIRAN,
        kinds.BAGIAN,
        kinds.PARAGRAF,
        kinds.PASAL,
        kinds.DIKTUM,
        kinds.AYAT,
        kinds.HURUF,
        kinds.ANGKA,
    }
)


@dataclass(frozen=True, slots=True)
class Reference:
    """One citation: `start` and `end` of its words in the source, `section` where it stands.

    `state`: "found", "dangling" (there is no such provision) or "external" (in the regulation
    `law`, "" where it is not named). `targets`: positions of the provisions meant, several for a
    run; the last one is what the words name. `missing`: the first level that is not there.
    """

    section: int
    start: int
    end: int
    mention: Mention
    state: str
    targets: tuple[int, ...] = ()
    missing: str = ""


def references(outline: Outline) -> list[Reference]:
    """Every citation in a text, heads apart, in reading order."""
    reader = _Reader(outline)
    return [reference for section in outline.sections for reference in reader.read(section)]


class _Reader:
    """Looks provisions up in one outline."""

    def __init__(self, outline: Outline) -> None:
        self._sections = outline.sections
        self._children: dict[int | None, list[Section]] = defaultdict(list)
        self._articles: dict[tuple[int | None, str], int] = {}
        self._divisions: dict[tuple[str, str], int] = {}
        self._amends = False
        self._seen_below: dict[tuple[int, str, str], int | None] = {}
        self._seen_runs: dict[tuple[int, int], tuple[int, ...]] = {}
        for section in outline.sections:
            self._children[section.parent].append(section)
            self._amends = self._amends or section.kind == kinds.INSTRUKSI
            if section.kind == kinds.PASAL:
                place = (self._quotation(section.position), _bare(section.number))
                self._articles.setdefault(place, section.position)
            elif section.kind in (kinds.BAB, kinds.LAMPIRAN, kinds.DIKTUM):
                division = (section.kind, _bare(section.number))
                self._divisions.setdefault(division, section.position)

    def read(self, section: Section) -> Iterator[Reference]:
        """The citations in one section's own words."""
        before: Reference | None = None
        for mention in mentions(section.text):
            if _is_own_head(section, mention):
                continue
            before = self._meant(section, mention, before)
            yield before

    def _meant(self, section: Section, mention: Mention, before: Reference | None) -> Reference:
        start, end = section.offset + mention.start, section.offset + mention.end
        found: Sequence[int] = ()
        missing = ""
        if not mention.law:
            target, missing = self._look_up(section, mention)
            found = self._run(before, target) if mention.through else (target,)
        if mention.law or (missing and self._is_elsewhere(section, mention)):
            return Reference(section.position, start, end, mention, EXTERNAL)
        if missing:
            return Reference(section.position, start, end, mention, DANGLING, (), missing)
        return Reference(section.position, start, end, mention, FOUND, tuple(found))

    def _is_elsewhere(self, section: Section, mention: Mention) -> bool:
        """Whether what is not here may be part of another regulation."""
        if section.kind == kinds.INSTRUKSI:
            return True  # it speaks of the regulation it amends
        if mention.parts[0].kind in _OWN_LEVELS:
            return False
        around = {self._sections[at].kind for at in self._around(section.position)}
        return self._amends or bool(around & _CITING_OTHERS)

    def _look_up(self, section: Section, mention: Mention) -> tuple[int, str]:
        """The position a citation names, and the first level that is missing ("": none)."""
        first, *inner = mention.parts
        found = self._outermost(section, first.kind, first.number)
        if found is None:
            return 0, first.kind
        for part in inner:
            below = self._below(found, part.kind, part.number)
            if below is None:
                return found, part.kind
            found = below
        return found, ""

    def _outermost(self, section: Section, kind: str, number: str) -> int | None:
        if kind == kinds.PASAL:
            return self._article(section.position, number)
        if kind in (kinds.BAB, kinds.LAMPIRAN):
            return self._division(kind, number)
        if kind == kinds.DIKTUM:
            return self._division(kind, number.upper())
        home: int | None = self._body_of(section.position)
        while home is not None:
            found = self._below(home, kind, number)
            outer = self._sections[home]
            if found is not None or outer.kind in (kinds.PASAL, kinds.DIKTUM):
                return found
            home = outer.parent
        return None

    def _article(self, position: int, number: str) -> int | None:
        quotation = self._quotation(position)
        while True:
            found = self._articles.get((quotation, _bare(number)))
            if found is not None or quotation is None:
                return found
            quotation = self._quotation(quotation)

    def _division(self, kind: str, number: str) -> int | None:
        found = self._divisions.get((kind, number))
        if found is None and kind == kinds.LAMPIRAN and not number:
            annexes = [at for (one, _), at in self._divisions.items() if one == kind]
            return annexes[0] if annexes else None
        return found

    def _below(self, position: int, kind: str, number: str) -> int | None:
        """The nearest provision of a kind and number inside another; the shallowest first."""
        asked = (position, kind, number)
        if asked not in self._seen_below:
            self._seen_below[asked] = self._found_below(*asked)
        return self._seen_below[asked]

    def _found_below(self, position: int, kind: str, number: str) -> int | None:
        level = self._children.get(position, [])
        while level:
            for section in level:
                if section.kind in _SAME.get(kind, {kind}) and _bare(section.number) == number:
                    return section.position
            level = [
                inner
                for section in level
                if section.kind in kinds.LISTS or section.kind in kinds.HEADS
                for inner in self._children.get(section.position, [])
            ]
        return None

    def _run(self, before: Reference | None, last: int) -> tuple[int, ...]:
        """Every provision of a run, from the one cited before up to `last`."""
        if before is None or not before.targets or before.targets[-1] > last:
            return (last,)
        ends = (before.targets[-1], last)
        if ends not in self._seen_runs:
            self._seen_runs[ends] = tuple(self._between(*ends))
        return self._seen_runs[ends]

    def _between(self, first: int, last: int) -> Iterator[int]:
        end = self._sections[last]
        quotation = self._quotation(last)
        for section in self._sections[first : last + 1]:
            beside = end.kind == kinds.PASAL or section.parent == end.parent
            alike = beside and section.kind == end.kind
            if alike and self._quotation(section.position) == quotation:
                yield section.position

    def _body_of(self, position: int) -> int:
        """A section itself, or what it explains when it is part of the elucidation."""
        path: list[tuple[str, str]] = []
        for at in self._around(position):
            section = self._sections[at]
            if section.kind in _ELUCIDATED:
                path.append((_ELUCIDATED[section.kind], section.number))
        if not path or path[-1][0] != kinds.PASAL:
            return position
        found = self._articles.get((None, _bare(path.pop()[1])))
        while found is not None and path:
            below = self._below(found, *path.pop())
            if below is None:
                break
            found = below
        return position if found is None else found

    def _around(self, position: int) -> Iterator[int]:
        at: int | None = position
        while at is not None:
            yield at
            at = self._sections[at].parent

    def _quotation(self, position: int) -> int | None:
        """The innermost section around one whose articles are numbered for themselves."""
        at = self._sections[position].parent
        while at is not None and self._sections[at].kind not in _QUOTING:
            at = self._sections[at].parent
        return at


def path_of(sections: Sequence[Section], position: int) -> Mapping[str, str]:
    """The numbers a provision is cited with, by kind, from its Pasal or division inwards."""
    found: dict[str, str] = {}
    at: int | None = position
    while at is not None:
        section = sections[at]
        kind = next((kind for kind, same in _SAME.items() if section.kind in same), section.kind)
        if kind in _LEVELS:
            found.setdefault(kind, section.number)
        if section.kind in (kinds.PASAL, kinds.BAB, kinds.LAMPIRAN, kinds.DIKTUM):
            break
        at = section.parent
    return dict(reversed(found.items()))


def _bare(number: str) -> str:
    return "".join(number.split())


def _is_own_head(section: Section, mention: Mention) -> bool:
    """Whether the words are a section's own heading line."""
    lead = section.text[: mention.start].strip('#>*_ \t\r\n"“«')
    part = mention.parts[0]
    kind = _ELUCIDATED.get(section.kind, section.kind)
    return not lead and part.kind == kind and part.number == _bare(section.number)
