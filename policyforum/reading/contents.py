"""The contents of a text and its pieces in reading order, from the stored blocks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from policyforum.text import kinds

OPENING = (kinds.MENIMBANG, kinds.MENGINGAT, kinds.MEMPERHATIKAN, kinds.MENETAPKAN)
PARTS = (kinds.BUKU, kinds.BAB, kinds.PENJELASAN, kinds.LAMPIRAN)
"""What opens a part of the contents; the provisions in it are listed below it."""
LONGEST_NUMBER = 4
"""What fits in the column of numbers; longer ones ("Appendix A") stay in the title."""
SMALL_WORDS = frozenset(
    {"dan", "di", "ke", "dari", "dalam", "pada", "untuk", "yang", "bagi", "atas", "oleh"}
    | {"dengan", "terhadap", "atau", "tentang"}
)

_SHOUTED = re.compile(r"\b[A-Z]{2,}\b")
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Block:
    """A stored piece of a revision. `parent`: position of the section it stands under."""

    position: int
    parent: int | None
    key: str
    kind: str
    number: str
    label: str
    heading: str
    html: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A block as the page shows it.

    `level`: of its heading, 2 for the outermost. `shape`: which of the page's forms it takes
    (chapter, part, article, named, opening, section). `title`: its heading in calm letters.
    """

    block: Block
    level: int
    shape: str
    title: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents; `comments` counts those inside too."""

    key: str
    number: str
    title: str
    comments: int
    inside: tuple[Entry, ...]


def pieces_of(blocks: Sequence[Block]) -> list[Piece]:
    """The blocks with what the page needs to know to set them."""
    levels = _levels(blocks)
    is_legal = any(block.kind in (kinds.PASAL, kinds.BAB, kinds.DIKTUM) for block in blocks)
    known = abbreviations(
        _TAG.sub(" ", block.html) for block in blocks if block.kind in (kinds.PASAL, kinds.DIKTUM)
    )
    return [
        Piece(block, levels[block.position], _shape(block, is_legal), calm(block.heading, known))
        for block in blocks
    ]


def contents_of(pieces: Sequence[Piece], comments: Mapping[int, int]) -> list[Entry]:
    """Parts with their provisions below; `comments` are counts by block position."""
    roots = [piece for piece in pieces if piece.block.kind == kinds.HEADING and piece.level == 2]
    groups: list[list[Piece]] = []
    for piece in pieces:
        alone = len(roots) == 1 and bool(groups) and groups[-1][0] is roots[0]
        if groups and not alone and _goes_inside(piece, groups[-1][0]):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return [_entry(group, comments) for group in groups]


def calm(heading: str, abbreviations: Collection[str] = ()) -> str:
    """A heading in capitals set in small letters: "Tugas Belajar dan Beasiswa"."""
    if heading != heading.upper() or not _SHOUTED.search(heading):
        return heading
    words = heading.split(" ")
    return " ".join(
        word if word.strip(",.()") in abbreviations else _lowered(word, number)
        for number, word in enumerate(words)
    )


def _lowered(word: str, number: int) -> str:
    low = word.lower()
    return low if number and low in SMALL_WORDS else low[:1].upper() + low[1:]


def abbreviations(provisions: Iterable[str]) -> set[str]:
    """Words the provisions themselves write in capitals: ASN, PPPK, BKPSDM."""
    return {word for words in provisions for word in _SHOUTED.findall(words)}


def _levels(blocks: Sequence[Block]) -> dict[int, int]:
    """The heading level of each block: one more than that of the block it stands under."""
    levels: dict[int, int] = {}
    for block in blocks:
        above = levels.get(block.parent, 1) if block.parent is not None else 1
        levels[block.position] = min(above + 1, 6)
    return levels


def _shape(block: Block, is_legal: bool) -> str:
    if block.kind in (kinds.BUKU, kinds.BAB):
        return "chapter"
    if block.kind in (kinds.BAGIAN, kinds.PARAGRAF):
        return "part"
    if block.kind == kinds.PASAL:
        return "article"
    if block.kind == kinds.PREAMBLE:
        return "opening" if is_legal else "section"
    if block.kind == kinds.HEADING:
        return "section"
    return "closing" if block.kind == kinds.PENUTUP else "named"


def _goes_inside(piece: Piece, first: Piece) -> bool:
    """Whether a piece is listed below the first of the group before it."""
    kind, opener = piece.block.kind, first.block.kind
    if kind in (kinds.BAGIAN, kinds.PARAGRAF):
        return True
    if kind in PARTS:
        return False
    if opener in PARTS:
        return kind not in (kinds.PENUTUP, kinds.HEADING)
    if opener == kinds.PREAMBLE:
        return kind in OPENING
    if opener == kinds.HEADING:
        return kind == kinds.HEADING and piece.level > first.level
    return False


def _entry(group: Sequence[Piece], comments: Mapping[int, int]) -> Entry:
    first = group[0].block
    listed = [piece for piece in group[1:] if piece.block.kind not in kinds.HEADS]
    number, title = _numbered(group[0])
    return Entry(
        key=first.key,
        number=number,
        title=title,
        comments=sum(comments.get(piece.block.position, 0) for piece in group),
        inside=tuple(
            Entry(
                piece.block.key,
                "",
                _title(piece),
                comments.get(piece.block.position, 0),
                (),
            )
            for piece in listed
        ),
    )


def _numbered(piece: Piece) -> tuple[str, str]:
    """The number that stands at the left, and the title without it."""
    block, title = piece.block, _title(piece)
    if block.kind in (kinds.BUKU, kinds.BAB):
        return block.number, title
    rest = title.removeprefix(block.number).lstrip(".) ")
    is_short = 0 < len(block.number) <= LONGEST_NUMBER
    if block.kind == kinds.HEADING and is_short and title.startswith(block.number) and rest:
        return block.number, rest
    return "", title


def _title(piece: Piece) -> str:
    if piece.block.kind == kinds.PASAL:
        return piece.block.label
    if piece.block.kind in (kinds.BUKU, kinds.BAB):
        return sentence(piece.title) or piece.block.label
    return piece.title or piece.block.label


def sentence(title: str) -> str:
    """A title as in a list of contents: only its first word begins large."""
    first, *rest = title.split(" ")
    return " ".join([first, *(_small(word) for word in rest)])


def _small(word: str) -> str:
    return word if word.upper() == word else word.lower()
