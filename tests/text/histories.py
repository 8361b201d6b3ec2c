"""Makes a next revision of a real text, and remembers what truly happened to every word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from policyforum.text import kinds
from policyforum.text.sections import Section, split

_TOKEN = re.compile(r"\s*\S+\s*?(?=\s|$)|\s+")


@dataclass(frozen=True, slots=True)
class Token:
    """A word with the white space before it; `origin` is its old offset, -1 for a new word."""

    text: str
    origin: int
    kept: bool = True


@dataclass(slots=True)
class Piece:
    """The words of one new section: which old section it continues, and which it also holds."""

    origin: int
    tokens: list[Token]
    others: tuple[int, ...] = ()
    part: bool = False  # the later part of a split


@dataclass(slots=True)
class History:
    """A made-up next revision with the truth about it."""

    old: Sequence[Section]
    pieces: list[Piece]
    source: str = ""
    new: Sequence[Section] = ()
    truth: dict[int, Piece] = field(default_factory=dict)
    tokens: list[tuple[int, Token]] = field(default_factory=list)

    def finish(self) -> History:
        """Put the pieces together and find them again in the new outline."""
        starts: dict[int, Piece] = {}
        at = 0
        for piece in self.pieces:
            starts[at] = piece
            for token in piece.tokens:
                self.tokens.append((at, token))
                at += len(token.text)
        self.source = "".join(token.text for _, token in self.tokens)
        self.new = split(self.source).sections
        self.truth = {
            section.position: starts[section.offset]
            for section in self.new
            if section.offset in starts
        }
        return self

    def fate(self, start: int, end: int) -> tuple[str, int, int]:
        """What became of old[start:end]: "verbatim", "reworded" or "gone", and where.

        A stretch may begin or end inside a word.
        """
        found = [
            (at + len(token.text) - len(token.text.lstrip()), token)
            for at, token in self.tokens
            if token.text.strip() and _overlaps(token, start, end)
        ]
        if not found:
            return "gone", 0, 0
        (low, first), (high, last) = found[0], found[-1]
        low += max(0, start - first.origin) if first.kept else 0
        high += min(len(last.text.strip()), end - last.origin if last.kept else len(last.text))
        if not any(token.kept for _, token in found):
            return "reworded", low, high
        wanted = "".join("".join(section.text for section in self.old)[start:end].split())
        same = "".join(self.source[low:high].split()) == wanted
        return "verbatim" if same else "reworded", low, high


def _overlaps(token: Token, start: int, end: int) -> bool:
    return (
        token.origin >= 0 and token.origin < end and start < token.origin + len(token.text.strip())
    )


def tokens_of(section: Section) -> list[Token]:
    """A section's own words with where they stand in the old source."""
    found: list[Token] = []
    for match in _TOKEN.finditer(section.text):
        lead = len(match.group()) - len(match.group().lstrip())
        found.append(Token(match.group(), section.offset + match.start() + lead))
    return found


def next_revision(source: str, rng: Random, share: float) -> History:
    """Reword, move, renumber, split, merge, insert and delete; `share` of words at most."""
    old = split(source).sections
    blocks = list(_blocks(old))
    vocabulary = [word for section in old for word in section.text.split() if word.isalpha()]
    blocks = _restructure(blocks, old, rng, vocabulary)
    pieces = [piece for block in blocks for piece in block]
    for piece in pieces:
        if piece.origin >= 0 and rng.random() < 0.6:
            if rng.random() < 0.25:
                piece.tokens = _without_sentence(piece.tokens, rng)
            piece.tokens = reword(piece.tokens, rng, rng.random() * share, vocabulary)
    history = History(old, pieces)
    _renumber(history.pieces)
    return history.finish()


def _blocks(old: Sequence[Section]) -> Iterator[list[Piece]]:
    """Provisions that move as one: a Pasal with all below it, or a lone generic section."""
    block: list[Piece] = []
    for section in old:
        own = section.kind in {kinds.PASAL, kinds.HEADING, kinds.BAB, kinds.BAGIAN} or (
            section.kind in {kinds.PREAMBLE, kinds.PENUTUP, kinds.PENJELASAN, kinds.LAMPIRAN}
        )
        if block and own:
            yield block
            block = []
        block.append(Piece(section.position, tokens_of(section)))
    if block:
        yield block


def _restructure(
    blocks: list[list[Piece]], old: Sequence[Section], rng: Random, vocabulary: list[str]
) -> list[list[Piece]]:
    movable = {kinds.PASAL, kinds.HEADING}

    def free(at: int) -> bool:
        piece = blocks[at][0]
        return (
            piece.origin > 0
            and old[piece.origin].kind in movable
            and sum(len(piece.tokens) for piece in blocks[at]) >= 12
        )

    for _ in range(max(1, len(blocks) // 12)):
        here, there = rng.randrange(len(blocks)), rng.randrange(1, len(blocks) + 1)
        if free(here):
            block = blocks.pop(here)
            blocks.insert(min(there, len(blocks)), block)
    for _ in range(max(1, len(blocks) // 20)):
        here = rng.randrange(len(blocks))
        if free(here):
            del blocks[here]
    for _ in range(max(1, len(blocks) // 20)):
        here = rng.randrange(1, len(blocks) + 1)
        blocks.insert(here, [_invented(rng, vocabulary, blocks, old)])
    for at in range(len(blocks)):
        if rng.random() < 0.08 and free(at) and len(blocks[at]) == 1:
            blocks[at] = _divide(blocks[at][0], old, rng)
    return blocks


def _invented(
    rng: Random, vocabulary: list[str], blocks: list[list[Piece]], old: Sequence[Section]
) -> Piece:
    legal = any(section.kind == kinds.PASAL for section in old)
    head = "#### Pasal 999" if legal else "## " + " ".join(rng.sample(vocabulary, 3))
    words = " ".join(rng.choice(vocabulary) for _ in range(rng.randrange(20, 80)))
    tokens = [Token(match.group(), -1) for match in _TOKEN.finditer(f"{head}\n\n{words}.\n\n")]
    return Piece(-1, tokens)


def _divide(piece: Piece, old: Sequence[Section], rng: Random) -> list[Piece]:
    """Cut one section in two at the end of a sentence; the later part gets a heading."""
    ends = [at for at, token in enumerate(piece.tokens) if token.text.endswith(".")]
    ends = [at for at in ends if 20 < at < len(piece.tokens) - 20]
    if not ends:
        return [piece]
    cut = rng.choice(ends) + 1
    legal = old[piece.origin].kind == kinds.PASAL
    head = Token("\n\n#### Pasal 999\n\n" if legal else "\n\n## Supplementary part\n\n", -1)
    return [
        Piece(piece.origin, piece.tokens[:cut]),
        Piece(piece.origin, [head, *piece.tokens[cut:]], part=True),
    ]


def reword(tokens: list[Token], rng: Random, share: float, vocabulary: list[str]) -> list[Token]:
    """Replace, delete and insert words in bursts until `share` of them have changed."""
    done = list(tokens)
    first = next((at for at in range(1, len(done)) if "\n" in done[at].text), 0) + 3
    budget = int(share * len(done))
    while budget > 0 and len(done) > first + 4:
        at = rng.randrange(first, len(done))
        burst = min(rng.randrange(1, 6), budget, len(done) - at)
        what = rng.random()
        budget -= burst
        if what < 0.5:
            for step in range(at, at + burst):
                lead = done[step].text[: len(done[step].text) - len(done[step].text.lstrip())]
                if done[step].text.strip().isalpha():
                    done[step] = Token(lead + rng.choice(vocabulary), done[step].origin, False)
        elif what < 0.75:
            if all(token.text.strip().isalpha() for token in done[at : at + burst]):
                del done[at : at + burst]
        else:
            done[at:at] = [Token(" " + rng.choice(vocabulary), -1) for _ in range(burst)]
    return done


def _without_sentence(tokens: list[Token], rng: Random) -> list[Token]:
    """Take one whole sentence out, where there are at least three."""
    ends = [at for at, token in enumerate(tokens) if token.text.endswith(".")]
    if len(ends) < 3:
        return tokens
    which = rng.randrange(len(ends) - 1)
    return tokens[: ends[which] + 1] + tokens[ends[which + 1] + 1 :]


def _renumber(pieces: list[Piece]) -> None:
    """Number the Pasal of a legal text through, as a drafter would after moving them."""
    number = 0
    for piece in pieces:
        words = [token.text.split() for token in piece.tokens[:3]]
        for at, word in enumerate(words[:-1]):
            if word[-1:] == ["Pasal"] and words[at + 1] and words[at + 1][0][:1].isdigit():
                number += 1
                piece.tokens[at + 1] = Token(f" {number}", piece.tokens[at + 1].origin, False)
                break
