"""After renumbering: which citations now point to another provision, and what they should say.

A citation that stood in the same section before, with the same words, meant a provision with a key.
Where that provision has another number now, the words are wrong and the right ones are known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from policyforum.text import kinds
from policyforum.text.alignment import align
from policyforum.text.fixes import Fix, applied
from policyforum.text.keyed import KeyedSection
from policyforum.text.references import FOUND, Reference, path_of, references
from policyforum.text.sections import Outline, Section

CODE = "reference_renumbered"

_WRITTEN = {
    kinds.PASAL: "Pasal {}",
    kinds.DIKTUM: "Diktum {}",
    kinds.AYAT: "ayat ({})",
    kinds.HURUF: "huruf {}",
    kinds.ANGKA: "angka {}",
    kinds.BAB: "BAB {}",
    kinds.BAGIAN: "Bagian {}",
    kinds.PARAGRAF: "Paragraf {}",
    kinds.LAMPIRAN: "Lampiran {}",
}


@dataclass(frozen=True, slots=True)
class Correction:
    """source[start:end] of the new text, a citation, should say `words`.

    `key`: the provision meant; `words` is "" when that provision is gone.
    """

    start: int
    end: int
    key: str
    words: str


def corrections(old: Sequence[KeyedSection], new: Sequence[KeyedSection]) -> list[Correction]:
    """The citations of `new` that `old` shows to mean something else, in reading order."""
    places = {entry.key: at for at, entry in enumerate(new)}
    sections = [entry.section for entry in new]
    was = _by_section(old)
    found: list[Correction] = []
    for key, cited in _by_section(new).items():
        meant = _meant(was.get(key, []), cited, old)
        found += _corrected(cited, meant, places, sections)
    return sorted(found, key=lambda correction: correction.start)


def apply(source: str, wrong: Sequence[Correction]) -> str:
    """The text with the corrections made, those without words left out."""
    return applied(source, [Fix(one.start, one.end, one.words, CODE) for one in wrong if one.words])


def _by_section(entries: Sequence[KeyedSection]) -> dict[str, list[Reference]]:
    found: dict[str, list[Reference]] = defaultdict(list)
    for reference in references(Outline(tuple(entry.section for entry in entries))):
        found[entries[reference.section].key].append(reference)
    return found


def _meant(
    was: Sequence[Reference], cited: Sequence[Reference], old: Sequence[KeyedSection]
) -> dict[int, str]:
    """By index in `cited`, the key of what the same words meant before."""
    blocks = align([_said(one) for one in was], [_said(one) for one in cited])
    found: dict[int, str] = {}
    for block in blocks:
        for step in range(block.size):
            before = was[block.old + step]
            if before.state == FOUND:
                found[block.new + step] = old[before.targets[-1]].key
    return found


def _said(reference: Reference) -> tuple[tuple[str, str], ...]:
    return tuple((part.kind, part.number) for part in reference.mention.parts)


def _corrected(
    cited: Sequence[Reference],
    meant: Mapping[int, str],
    places: Mapping[str, int],
    sections: Sequence[Section],
) -> Iterator[Correction]:
    said: Mapping[str, str] = {}  # what the citation before says, once corrected
    for at, reference in enumerate(cited):
        key = meant.get(at)
        if key is None:
            said = {part.kind: part.number for part in reference.mention.parts}
            continue
        if key not in places:
            yield Correction(reference.start, reference.end, key, "")
            continue
        wanted = path_of(sections, places[key])
        context = said if reference.mention.inherits else path_of(sections, reference.section)
        words = _words(reference, wanted, context, sections)
        said = wanted
        if words is not None:
            yield Correction(reference.start, reference.end, key, words)


def _words(
    reference: Reference,
    wanted: Mapping[str, str],
    context: Mapping[str, str],
    sections: Sequence[Section],
) -> str | None:
    """What a citation should say; None when it says so. `context`: what need not be said."""
    mention, section = reference.mention, sections[reference.section]
    own = [part for part in mention.parts if part.start >= mention.start]
    told = {part.kind for part in own}
    unsaid = {kind: number for kind, number in wanted.items() if kind not in told}
    complete = all(context.get(kind) == number for kind, number in unsaid.items())
    if kinds.PASAL in told or not told <= set(wanted):
        complete = (complete and told <= set(wanted)) or told == set(wanted)
    if not complete:
        return " ".join(_WRITTEN[kind].format(number) for kind, number in wanted.items())
    words = section.text[mention.start : mention.end]
    for part in sorted(own, key=lambda one: one.start, reverse=True):
        start, end = part.start - mention.start, part.end - mention.start
        if wanted[part.kind] != part.number:
            words = words[:start] + wanted[part.kind] + words[end:]
    return words if words != section.text[mention.start : mention.end] else None
