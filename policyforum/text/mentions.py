"""Where a text cites a provision: "Pasal 5 ayat (2) huruf b", "ayat (1) dan (2)", "Pasal 7 sampai
dengan Pasal 9", "Lampiran II", "Pasal 62 ayat (3) Undang-Undang Nomor 20 Tahun 2023".

Only the words are read here; `references` looks for what they mean. Every expression is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from policyforum.text import kinds
from policyforum.text.numbering import ORDINAL, ORDINAL_CAPITALS

_PART: Final = re.compile(
    rf"\b(?:(?:[Pp]asal|PASAL)\s{{1,20}}(?P<{kinds.PASAL}>\d{{1,4}}(?:[A-Z]{{1,2}}|\s[A-Z])?(?!\w)"
    r"|[IVXLC]{1,7}(?!\w))"
    r"|(?:[Aa]yat|AYAT)(?:\s{0,20}\\?\((?=\d{1,3}[a-z]?\\?\))"
    r"|\s{1,20}(?=\d{1,3}[a-z]?(?![\w)]|[.,]\d)))"
    rf"(?P<{kinds.AYAT}>\d{{1,3}}[a-z]?)(?:\\?\))?"
    rf"|[Hh]uruf\s{{1,20}}(?P<{kinds.HURUF}>[a-z]{{1,2}}\d?)(?![\w])"
    rf"|[Aa]ngka\s{{1,20}}(?P<{kinds.ANGKA}>\d{{1,3}}[a-z]?)(?!\w|[.,]\d)"
    rf"|B[Aa][Bb]\s{{1,20}}(?P<{kinds.BAB}>[IVXLC]{{1,7}}[A-Z]?)(?!\w)"
    rf"|[Bb]agian\s{{1,20}}(?P<{kinds.BAGIAN}>{ORDINAL})(?!\w)"
    rf"|(?:[Dd]iktum|DIKTUM)\s{{1,20}}(?P<{kinds.DIKTUM}>{ORDINAL_CAPITALS}|{ORDINAL})(?!\w)"
    rf"|[Pp]aragraf\s{{1,20}}(?P<{kinds.PARAGRAF}>\d{{1,3}}[A-Z]?)(?!\w)"
    rf"|Lampiran(?:\s{{1,20}}(?P<{kinds.LAMPIRAN}>[IVXLC]{{1,7}})(?!\w))?)"
)
_JOINED: Final = re.compile(
    r"\s{0,20}(?:,?\s{0,20}(?P<word>dan/atau|dan|atau|serta|kecuali|juncto|jo\."
    r"|sampai\s{1,20}dengan|s\.d\.?|s/d)\s{1,20}|(?P<dash>[-–—])\s{0,20}|,\s{0,20})"
)
# Emphasis, escapes and links between the words of a citation.
_MARKUP: Final = re.compile(r"\]\([^()\s]{0,200}\)|[*_\\\[\]]")
_NUMBER: Final = r"(?![\w%/-]|[.,]\d|\s{0,3}\()"  # what a number that cites is not followed by
_BARE: Final = {
    kinds.PASAL: re.compile(rf"(?P<n>\d{{1,4}}[A-Z]?){_NUMBER}"),
    kinds.DIKTUM: re.compile(rf"(?P<n>{ORDINAL_CAPITALS})(?!\w)"),
    kinds.AYAT: re.compile(r"\\?\((?P<n>\d{1,3}[a-z]?)\\?\)"),
    kinds.HURUF: re.compile(r"(?P<n>[a-z])(?![\w.)'’-])"),
    kinds.ANGKA: re.compile(rf"(?P<n>\d{{1,2}}){_NUMBER}"),
}
# "Pasal 3, 4, dan 5": bare numbers after a comma count when the list is closed by a word.
_CLOSED: Final = re.compile(
    r"(?:\d{1,4}[A-Z]?\s{0,3},\s{1,20}){0,20}\d{1,4}[A-Z]?\s{0,3},?\s{0,20}"
    rf"(?:dan/atau|dan|atau)\s{{1,20}}\d{{1,4}}[A-Z]?{_NUMBER}"
)
_THROUGH: Final = ("sampai", "s.d", "s/d", "-", "–", "—")
_FARTHEST: Final = 200  # characters between two levels of one citation, a link's address among them
_FARTHEST_LAW: Final = 160
_DEPTHS: Final = {
    kinds.BAB: 0,
    kinds.LAMPIRAN: 0,
    kinds.BAGIAN: 1,
    kinds.PARAGRAF: 2,
    kinds.PASAL: 3,
    kinds.DIKTUM: 3,
    kinds.AYAT: 4,
    kinds.HURUF: 5,
    kinds.ANGKA: 5,
}
_LAW: Final = (
    r"(?:Undang\s?[-–]?\s{0,3}[Uu]ndang|Peraturan|Keputusan|Instruksi|Kitab|Qanun|Konvensi|UUD|UU)"
)
_THIS_LAW: Final = re.compile(
    rf"\s{{1,20}}{_LAW}\b(?:\s{{1,20}}[\w-]{{1,30}}){{0,4}}?\s{{1,20}}ini\b"
)
_LAW_WORD: Final = re.compile(rf"\b{_LAW}\b")
_LAW_BEFORE: Final = re.compile(rf"(?P<name>{_LAW}\b[^.;:()\n]{{1,120}}\bTahun\s\d{{4}})\s{{1,3}}")
_OTHER_LAW: Final = re.compile(
    rf"\s{{1,20}}(?:(?:dari|dalam|pada)\s{{1,20}})?(?P<name>{_LAW}\b"
    r"(?:\s{1,20}(?:[A-Z][\w./-]{0,40}|\d[\w./-]{0,20}|dan|tentang)){0,16})"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One level of a citation: its kind, its number, and where the number stands."""

    kind: str
    number: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mention:
    """One provision cited. `parts`: from the outermost level in, also those said before ("Pasal 7
    ayat (2) dan ayat (4)" cites Pasal 7 twice); `start` and `end` are of its own words.

    `through`: it ends a run that begins with the mention before it. `bare`: only a number stands
    there. `law`: the other regulation it is in, "" for this one.
    """

    parts: tuple[Part, ...]
    start: int
    end: int
    through: bool = False
    bare: bool = False
    law: str = ""

    @property
    def inherits(self) -> bool:
        """Whether a part was said earlier in the sentence."""
        return self.parts[0].start < self.start


def mentions(text: str) -> list[Mention]:
    """Every citation in a text, in order of the text."""
    found: list[Mention] = []
    group: list[Mention] = []
    for mention, joined in _read(text):
        if not joined and group:
            found += _with_law(group, text)
            group = []
        group.append(mention)
        if joined == "glued":
            _refine(group)
        elif joined:
            _inherit(group)
    return found + _with_law(group, text)


def _read(text: str) -> Iterator[tuple[Mention, str]]:
    """Single levels and how each hangs together with the one before: "", "glued" or "joined"."""
    end = -1
    at = 0
    while found := _PART.search(text, at):
        kind = found.lastgroup or kinds.LAMPIRAN
        number = found[found.lastgroup] if found.lastgroup else ""
        near = end >= 0 and found.start() - end < _FARTHEST
        gap = _MARKUP.sub("", text[end : found.start()]) if near else "."
        joint = _JOINED.fullmatch(gap)
        word = _word(joint)
        start, stop = found.span(found.lastgroup or 0)
        part = Part(kind, "".join(number.split()), start, stop)
        through = word.startswith(_THROUGH)
        hangs = "glued" if gap and not gap.strip() else "joined" if joint else ""
        yield Mention((part,), found.start(), found.end(), through), hangs
        end = found.end()
        for mention in _bare(text, kind, end):
            yield mention, "joined"
            end = mention.end
        at = end


def _bare(text: str, kind: str, at: int) -> Iterator[Mention]:
    """Numbers alone that go on with a kind named before: "ayat (1) dan (2)"."""
    pattern = _BARE.get(kind)
    while pattern and (joint := _JOINED.match(text, at)):
        found = pattern.match(text, joint.end())
        closed = kind not in (kinds.PASAL, kinds.ANGKA) or _word(joint)
        if not found or not (closed or _CLOSED.match(text, joint.end())):
            return
        start, at = found.span()
        through = _word(joint).startswith(_THROUGH)
        yield Mention((Part(kind, found["n"], *found.span("n")),), start, at, through, bare=True)


def _word(joint: re.Match[str] | None) -> str:
    return (joint["word"] or joint["dash"] or "") if joint else ""


def _refine(group: list[Mention]) -> None:
    """A level right after another: inside it ("ayat (2) huruf b") or around it."""
    last = group.pop()
    part, before = last.parts[0], group[-1]
    if _DEPTHS[part.kind] >= _DEPTHS[before.parts[-1].kind]:
        if part.kind != before.parts[-1].kind:
            group[-1] = replace(before, parts=(*before.parts, part), end=last.end)
        else:
            group.append(last)
        return
    open_from = len(group)
    while open_from and _DEPTHS[group[open_from - 1].parts[0].kind] > _DEPTHS[part.kind]:
        open_from -= 1
    if open_from == len(group):
        group.append(last)
        return
    for at in range(open_from, len(group)):
        group[at] = replace(group[at], parts=(part, *group[at].parts))
    group[-1] = replace(group[-1], end=last.end)


def _inherit(group: list[Mention]) -> None:
    """Take the outer levels from the mention before: "Pasal 7 ayat (2) dan ayat (4)"."""
    last, before = group[-1], group[-2]
    depth = _DEPTHS[last.parts[0].kind]
    outer = tuple(part for part in before.parts if _DEPTHS[part.kind] < depth)
    if depth > _DEPTHS[kinds.PASAL]:
        group[-1] = replace(last, parts=outer + last.parts)


def _with_law(group: list[Mention], text: str) -> list[Mention]:
    """Those that name a Pasal, with the other regulation told right after or before them."""
    if not group or _THIS_LAW.match(text, group[-1].end):
        return group
    found = _OTHER_LAW.match(text, group[-1].end) or _law_before(text, group[0].start)
    if found is None:
        return group
    law = " ".join(found["name"].split())
    return [
        replace(one, law=law) if one.parts[0].kind not in (kinds.AYAT, kinds.HURUF) else one
        for one in group
    ]


def _law_before(text: str, at: int) -> re.Match[str] | None:
    """The regulation named right before: "Undang-Undang Nomor 20 Tahun 2023 Pasal 5"."""
    start = max(0, at - _FARTHEST_LAW)
    found = None
    for law in _LAW_WORD.finditer(text, start, at):
        found = _LAW_BEFORE.fullmatch(text, law.start(), at) or found
    return found
