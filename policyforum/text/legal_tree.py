"""The tree a reader of the legal form grows: open sections on a stack, marks in reading order."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from policyforum.text import kinds
from policyforum.text.legal_lines import Opening
from policyforum.text.marks import Finding, Line, Mark
from policyforum.text.numbering import Number

# The order of the levels; a section closes every open one of its own rank or deeper.
PART, BUKU, BAB, BAGIAN, PARAGRAF, HEADING, PROVISION, AYAT, ITEM = range(9)

RANKS = {
    kinds.PREAMBLE: PART,
    kinds.PENUTUP: PART,
    kinds.PENJELASAN: PART,
    kinds.LAMPIRAN: PART,
    kinds.BUKU: BUKU,
    kinds.BAB: BAB,
    kinds.BAGIAN: BAGIAN,
    kinds.PARAGRAF: PARAGRAF,
    kinds.HEADING: HEADING,
    kinds.MENIMBANG: PROVISION,
    kinds.MENGINGAT: PROVISION,
    kinds.MEMPERHATIKAN: PROVISION,
    kinds.MENETAPKAN: PROVISION,
    kinds.PASAL: PROVISION,
    kinds.DIKTUM: PROVISION,
    kinds.AYAT: AYAT,
    kinds.INSTRUKSI: AYAT,
    kinds.HURUF: ITEM,
    kinds.ANGKA: ITEM,
    kinds.HURUFP: ITEM,
    kinds.ANGKAP: ITEM,
    kinds.EKOR: ITEM,
}

_CITED = {
    kinds.BUKU: "BUKU {}",
    kinds.BAB: "BAB {}",
    kinds.BAGIAN: "Bagian {}",
    kinds.PARAGRAF: "Paragraf {}",
    kinds.PASAL: "Pasal {}",
    kinds.DIKTUM: "Diktum {}",
    kinds.AYAT: "ayat ({})",
    kinds.INSTRUKSI: "angka {}",
    kinds.HURUF: "huruf {}",
    kinds.ANGKA: "angka {}",
    kinds.HURUFP: "huruf {})",
    kinds.ANGKAP: "angka {})",
    kinds.EKOR: "kalimat penutup",
    kinds.MENIMBANG: "Menimbang",
    kinds.MENGINGAT: "Mengingat",
    kinds.MEMPERHATIKAN: "Memperhatikan",
    kinds.MENETAPKAN: "Menetapkan",
}


@dataclass(slots=True)
class Node:
    """An open section. `last` remembers the number reached by each kind of child."""

    index: int
    kind: str
    rank: int
    label: str
    value: Number | None = None
    level: int = 0
    amends: bool = False
    last: dict[str, Number] = field(default_factory=dict)
    list_before: Node | None = None

    @property
    def is_floor(self) -> bool:
        """Whether what opens inside stays inside, whatever its rank (a quoted BAB)."""
        return self.amends or self.kind in (kinds.INSTRUKSI, kinds.LAMPIRAN)


class Tree:
    """Marks in reading order and the stack of sections still open."""

    def __init__(self) -> None:
        self.marks: list[Mark] = []
        self.findings: list[Finding] = []
        self.stack: list[Node] = []
        self._root_last: dict[str, Number] = {}

    @property
    def top(self) -> Node | None:
        return self.stack[-1] if self.stack else None

    def nearest(self, wanted: Collection[str]) -> Node | None:
        """The innermost open section of one of the kinds."""
        return next((node for node in reversed(self.stack) if node.kind in wanted), None)

    def amending(self) -> Node | None:
        """The innermost open Pasal that amends another text."""
        return next((node for node in reversed(self.stack) if node.amends), None)

    def floor(self) -> Node | None:
        return next((node for node in reversed(self.stack) if node.is_floor), None)

    def last_numbers(self, floor: Node | None) -> dict[str, Number]:
        """The numbers reached among everything numbered through a whole text (BAB, Pasal)."""
        return floor.last if floor else self._root_last

    def close_to(self, node: Node | None) -> None:
        """Close everything inside `node`; None closes all."""
        del self.stack[self.stack.index(node) + 1 if node else 0 :]

    def close_rank(self, rank: int) -> None:
        """Close every open section of a rank or deeper, up to the nearest floor."""
        while self.stack and not self.stack[-1].is_floor:
            if self.stack[-1].rank < rank and self.stack[-1].kind not in _ALONGSIDE_BODY:
                return
            self.stack.pop()

    def open(self, offset: int, opening: Opening, heading: str = "", level: int = 0) -> Node:
        """Open a section inside the innermost open one."""
        label = self._cite(opening)
        node = self.open_as(offset, opening.kind, label, opening.number, heading)
        node.value, node.level = opening.value, level
        return node

    def open_as(
        self, offset: int, kind: str, label: str, number: str = "", heading: str = ""
    ) -> Node:
        """Open a section under a label of its own."""
        parent = self.stack[-1].index if self.stack else None
        node = Node(len(self.marks), kind, RANKS.get(kind, ITEM), label)
        self.marks.append(Mark(offset, parent, kind, number, label, heading))
        self.stack.append(node)
        return node

    def warn(self, row: Line, code: str, words: str) -> None:
        """Note a doubtful spot with its first words."""
        excerpt = words if len(words) <= 80 else words[:80].rstrip() + "…"
        self.findings.append(Finding(row.number, code, {"words": excerpt}))

    def _cite(self, opening: Opening) -> str:
        own = _CITED[opening.kind].format(opening.number)
        rank = RANKS[opening.kind]
        outer = self.top
        if rank in (BAGIAN, PARAGRAF, AYAT, ITEM):
            while outer and outer.kind == kinds.HEADING:
                outer = next(
                    (n for n in self.stack if n.index == self.marks[outer.index].parent), None
                )
        else:
            outer = self.floor()
        if outer is None or outer.kind == kinds.PREAMBLE:
            return own
        return f"{outer.label} {own}"


# A chapter never lies inside these, though they are open when it begins.
_ALONGSIDE_BODY = (kinds.PREAMBLE, kinds.PENUTUP)
