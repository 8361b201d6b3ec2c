"""After renumbering: which citations now point to another provision, and what they should say.

A citation that stood in the same section before, with the same words, meant a provision with a key.
Where that provision has another number now, the words are wrong and the right ones are known. One
that says so already is right, whatever else its words said before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from policyforum.text import kinds
from policyforum.text.alignment import align
from policyforum.text.fixes import Fix, applied
from policyforum.text.keyed import KeyedSection
from policyforum.text.references import FOUND, Reference, path_of, references
from policyforum.text.sections import Outline, Section

CODE: Final = "reference_renumbered"
_LARGEST_PRODUCT: Final = 250_000  # citations × citations paired one by one; beyond it, by words

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
        meant = _meant(_Cited.all(was.get(key, []), old), _Cited.all(cited, new))
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


class _Cited(NamedTuple):
    """What a citation says, and the key of what stands under that number ("": nothing here)."""

    words: tuple[tuple[str, str], ...]
    key: str

    @classmethod
    def all(cls, cited: Sequence[Reference], entries: Sequence[KeyedSection]) -> list[_Cited]:
        return [
            cls(
                tuple((part.kind, part.number) for part in one.mention.parts),
                entries[one.targets[-1]].key if one.state == FOUND else "",
            )
            for one in cited
        ]


def _meant(was: Sequence[_Cited], cited: Sequence[_Cited]) -> dict[int, str]:
    """By index in `cited`, the key of what each citation meant before.

    A citation of before goes on in one with the same words, or in one that means the same
    provision under its new number, since it was corrected already. Of all ways to pair them in
    order the one with the most pairs counts, and of those the one with most already right.
    """
    if len(was) * len(cited) > _LARGEST_PRODUCT:
        blocks = align([one.words for one in was], [one.words for one in cited])
        pairs = [(block.old + at, block.new + at) for block in blocks for at in range(block.size)]
    else:
        pairs = _paired(was, cited)
    return {here: was[there].key for there, here in pairs if was[there].key}


def _paired(was: Sequence[_Cited], cited: Sequence[_Cited]) -> list[tuple[int, int]]:
    """The best pairs, by the textbook table of longest common subsequences, from the ends."""
    best = [[(0, 0)] * (len(cited) + 1) for _ in range(len(was) + 1)]
    for there in range(len(was) - 1, -1, -1):
        for here in range(len(cited) - 1, -1, -1):
            worth = max(best[there + 1][here], best[there][here + 1])
            if (right := _goes_on(was[there], cited[here])) is not None:
                pairs, rights = best[there + 1][here + 1]
                worth = max(worth, (pairs + 1, rights + right))
            best[there][here] = worth
    found: list[tuple[int, int]] = []
    there = here = 0
    while there < len(was) and here < len(cited):
        right = _goes_on(was[there], cited[here])
        pairs, rights = best[there + 1][here + 1]
        if right is not None and best[there][here] == (pairs + 1, rights + right):
            found.append((there, here))
            there, here = there + 1, here + 1
        elif best[there][here] == best[there + 1][here]:
            there += 1
        else:
            here += 1
    return found


def _goes_on(was: _Cited, cited: _Cited) -> int | None:
    """Whether a citation may be the same as before: None no, 1 it is right already, else 0."""
    if was.key and was.key == cited.key:
        return 1
    return 0 if was.words == cited.words else None


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
