"""The page of two revisions compared: what changed, block by block, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from policyforum.policies.queries import keyed_sections
from policyforum.text import kinds
from policyforum.text.diff import Comparison, SectionChange, compare
from policyforum.text.layout import INNER
from policyforum.text.sections import Section
from policyforum.text.wording import Wording, wording


@dataclass(frozen=True, slots=True)
class Line:
    """One section inside a block. `depth`: 0 for an ayat or plain words, 1 for a huruf, …"""

    key: str
    kind: str
    depth: int
    state: str
    wording: Wording


@dataclass(frozen=True, slots=True)
class ChangedBlock:
    """What a reader sees as one piece: a Pasal, a head, a heading's part.

    `moved_from`: the old citation when it moved, with `moved_out_of`, what it stood under.
    """

    key: str
    kind: str
    state: str
    label: str
    old_label: str
    number_before: str
    number_after: str
    heading_before: str
    heading_after: str
    moved_from: str
    moved_out_of: str
    lines: tuple[Line, ...]
    keys: frozenset[str]
    words_added: int
    words_removed: int

    @property
    def is_head(self) -> bool:
        return self.kind in kinds.HEADS

    @property
    def is_changed(self) -> bool:
        return self.state != "same" or any(line.state != "same" for line in self.lines)


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A run of blocks nothing happened to, collapsed to a line."""

    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list of changes."""

    key: str
    label: str
    state: str
    words_added: int
    words_removed: int


@dataclass(frozen=True, slots=True)
class ComparedRevisions:
    """`pieces` in reading order; `entries` to jump through."""

    comparison: Comparison
    pieces: tuple[ChangedBlock | Unchanged, ...]
    entries: tuple[Entry, ...]


@lru_cache(maxsize=64)
def compared(before_id: int, after_id: int) -> ComparedRevisions:
    """The comparison of two revisions. Revisions never change, so neither does this."""
    comparison = compare(keyed_sections(before_id), keyed_sections(after_id))
    blocks = [_block(changes, comparison) for changes in _by_block(comparison.sections)]
    return ComparedRevisions(comparison, tuple(_collapsed(blocks)), tuple(_entries(blocks)))


def block_keys(pieces: Iterable[ChangedBlock | Unchanged]) -> Mapping[str, ChangedBlock]:
    """The changed block that shows a section, by the section's key."""
    return {key: piece for piece in pieces if isinstance(piece, ChangedBlock) for key in piece.keys}


def _by_block(changes: Sequence[SectionChange]) -> list[list[SectionChange]]:
    """The changes of each block together; the block's own first."""
    groups: list[list[SectionChange]] = []
    for change in changes:
        if groups and _section(change).kind in INNER:
            groups[-1].append(change)
        else:
            groups.append([change])
    return groups


def _block(changes: Sequence[SectionChange], comparison: Comparison) -> ChangedBlock:
    own = changes[0]
    before, after = own.before, own.after
    own_wording = wording(own)
    moved = own.state == "moved" and before is not None
    return ChangedBlock(
        key=own.key,
        kind=_section(own).kind,
        state=own.state,
        label=_section(own).label,
        old_label=before.section.label if before else "",
        number_before=own_wording.number_before,
        number_after=own_wording.number_after,
        heading_before=before.section.heading if before else "",
        heading_after=after.section.heading if after else "",
        moved_from=before.section.label if moved and before else "",
        moved_out_of=_parent_label(own, comparison) if moved else "",
        lines=tuple(_lines(changes, own_wording)),
        keys=frozenset(change.key for change in changes),
        words_added=sum(change.words_added for change in changes),
        words_removed=sum(change.words_removed for change in changes),
    )


def _lines(changes: Sequence[SectionChange], own: Wording) -> Iterable[Line]:
    if own.words:
        yield Line(changes[0].key, "words", 0, changes[0].state, own)
    for change in changes[1:]:
        section = _section(change)
        yield Line(change.key, section.kind, _depth(section), change.state, wording(change))


def _depth(section: Section) -> int:
    depths = {kinds.HURUF: 1, kinds.ANGKA: 2, kinds.HURUFP: 3, kinds.ANGKAP: 4}
    return depths.get(section.kind, 0)


def _section(change: SectionChange) -> Section:
    if change.after is not None:
        return change.after.section
    if change.before is not None:
        return change.before.section
    raise ValueError("a change has at least one side")


def _parent_label(change: SectionChange, comparison: Comparison) -> str:
    """What a section stood under before: "BAB IV Tugas Belajar"."""
    if change.before is None or change.before.section.parent is None:
        return ""
    wanted = change.before.section.parent
    for other in comparison.sections:
        if other.before is not None and other.before.section.position == wanted:
            parent = other.before.section
            return f"{parent.label} {parent.heading}".strip()
    return ""


def _collapsed(blocks: Sequence[ChangedBlock]) -> Iterable[ChangedBlock | Unchanged]:
    """Unchanged blocks gathered to runs; a head stays only above something that changed."""
    heads: list[ChangedBlock] = []
    run: list[str] = []
    for block in blocks:
        if block.is_head and not block.is_changed:
            heads = [head for head in heads if _rank(head) < _rank(block)] + [block]
        elif block.is_changed:
            if run:
                yield Unchanged(tuple(run))
            yield from heads
            heads, run = [], []
            yield block
        else:
            run.append(block.label)
    if run:
        yield Unchanged(tuple(run))


def _rank(block: ChangedBlock) -> int:
    return kinds.HEADS.index(block.kind)


def _entries(blocks: Sequence[ChangedBlock]) -> Iterable[Entry]:
    """A line for each changed block."""
    for block in blocks:
        if not block.is_changed:
            continue
        state = "edited" if block.state == "same" else block.state
        yield Entry(block.key, block.label, state, block.words_added, block.words_removed)
