"""The page of two revisions compared: what changed, block by block."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from policyforum.policies.queries import keyed_sections
from policyforum.reading.contents import abbreviations, calm
from policyforum.text import kinds
from policyforum.text.diff import Comparison, SectionChange, Totals, compare
from policyforum.text.layout import INNER
from policyforum.text.sections import Section
from policyforum.text.wording import Wording, wording

KEPT_COMPARISONS = 16
DEEPEST = 4


class RevisionName(NamedTuple):
    """A revision by its row and its public id, so that another database's is never meant."""

    row_id: int
    public_id: str


@dataclass(frozen=True, slots=True)
class Line:
    """One section inside a block. `depth`: 0 for an ayat or plain words, 1 for an item, …"""

    key: str
    kind: str
    label: str
    depth: int
    state: str
    wording: Wording


@dataclass(frozen=True, slots=True)
class ChangedBlock:
    """What a reader sees as one piece: a Pasal, a head, a heading's part.

    `moved_from`: the old citation when it moved, with `moved_out_of`, what it stood under.
    `keys`: of all sections in it.
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

    @property
    def seen_state(self) -> str:
        """What became of it as a whole: a block whose inside changed was edited."""
        return "edited" if self.state == "same" else self.state


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A run of blocks nothing happened to, collapsed to a line."""

    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Departed:
    """The old place of a block that stands elsewhere now."""

    key: str
    old_label: str
    label: str


Item = ChangedBlock | Unchanged | Departed


@dataclass(frozen=True, slots=True)
class ComparedRevisions:
    """`items` in reading order; `entries` are the changed blocks among them."""

    items: tuple[Item, ...]
    entries: tuple[ChangedBlock, ...]
    totals: Totals
    labels: Mapping[str, str]

    def block_of(self) -> dict[str, ChangedBlock]:
        """The changed block that shows a section, by the section's key."""
        return {key: block for block in self.entries for key in block.keys}


@lru_cache(maxsize=KEPT_COMPARISONS)
def compared(before: RevisionName, after: RevisionName) -> ComparedRevisions:
    """The comparison of two revisions. Revisions never change, so neither does this."""
    comparison = compare(keyed_sections(before.row_id), keyed_sections(after.row_id))
    groups = _by_block(comparison.sections)
    known = abbreviations(
        _section(change).text for change in comparison.sections if _section(change).kind in INNER
    )
    blocks = [_block(changes, comparison, known) for changes in groups]
    items = tuple(_collapsed(_with_old_places(blocks, groups)))
    return ComparedRevisions(
        items=items,
        entries=tuple(item for item in items if isinstance(item, ChangedBlock) and item.is_changed),
        totals=comparison.totals,
        labels={change.key: _section(change).label for change in comparison.sections},
    )


def _by_block(changes: Sequence[SectionChange]) -> list[list[SectionChange]]:
    """The changes of each block together; the block's own first."""
    groups: list[list[SectionChange]] = []
    for change in changes:
        if groups and _section(change).kind in INNER:
            groups[-1].append(change)
        else:
            groups.append([change])
    return groups


def _block(
    changes: Sequence[SectionChange], comparison: Comparison, known: Collection[str]
) -> ChangedBlock:
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
        heading_before=calm(before.section.heading, known) if before else "",
        heading_after=calm(after.section.heading, known) if after else "",
        moved_from=before.section.label if moved and before else "",
        moved_out_of=_parent_label(own, comparison, known) if moved else "",
        lines=tuple(_lines(changes, own_wording)),
        keys=frozenset(change.key for change in changes),
        words_added=sum(change.words_added for change in changes),
        words_removed=sum(change.words_removed for change in changes),
    )


def _lines(changes: Sequence[SectionChange], own: Wording) -> Iterable[Line]:
    first = changes[0]
    if own.paragraphs:
        yield Line(first.key, "words", _section(first).label, 0, first.state, own)
    depths: dict[tuple[bool, int], int] = {}
    for change in changes[1:]:
        section = _section(change)
        side = change.after is not None
        above = depths.get((side, section.parent), 0) if section.parent is not None else 0
        depth = above + 1 if section.kind in kinds.LISTS else 0
        depths[side, section.position] = depth
        yield Line(
            change.key,
            section.kind,
            section.label,
            min(depth, DEEPEST),
            change.state,
            wording(change),
        )


def _section(change: SectionChange) -> Section:
    if change.after is not None:
        return change.after.section
    if change.before is not None:
        return change.before.section
    raise ValueError("a change has at least one side")


def _parent_label(change: SectionChange, comparison: Comparison, known: Collection[str]) -> str:
    """What a section stood under before: "BAB IV Tugas Belajar"."""
    if change.before is None or change.before.section.parent is None:
        return ""
    wanted = change.before.section.parent
    for other in comparison.sections:
        if other.before is not None and other.before.section.position == wanted:
            parent = other.before.section
            heading = calm(parent.heading, known)
            return parent.label if heading in parent.label else f"{parent.label} {heading}"
    return ""


def _with_old_places(
    blocks: Sequence[ChangedBlock], groups: Sequence[Sequence[SectionChange]]
) -> list[ChangedBlock | Departed]:
    """The blocks, and a line at the old place of each that moved."""
    stayed: list[tuple[int, int]] = []
    gone: list[tuple[int, Departed]] = []
    for order, (block, changes) in enumerate(zip(blocks, groups, strict=True)):
        before = changes[0].before
        if before is None:
            continue
        if block.moved_from:
            departed = Departed(block.key, block.moved_from, block.label)
            gone.append((before.section.position, departed))
        else:
            stayed.append((before.section.position, order))
    after: dict[int, list[Departed]] = defaultdict(list)
    for position, departed in gone:
        neighbour = max((entry for entry in stayed if entry[0] < position), default=(-1, -1))
        after[neighbour[1]].append(departed)
    found: list[ChangedBlock | Departed] = [*after[-1]]
    for order, block in enumerate(blocks):
        found += [block, *after[order]]
    return found


def _collapsed(blocks: Sequence[ChangedBlock | Departed]) -> Iterable[Item]:
    """Unchanged blocks gathered to runs; a head stays only above something that changed."""
    above: list[str] = []
    heads: list[ChangedBlock] = []
    below: list[str] = []
    for block in blocks:
        if isinstance(block, ChangedBlock) and not block.is_changed:
            if block.is_head:
                heads = [head for head in heads if _rank(head) < _rank(block)] + [block]
                above, below = above + below, []
            else:
                below.append(block.label)
            continue
        yield from _run(above)
        if isinstance(block, ChangedBlock):
            yield from heads
            heads = []
        yield from _run(below)
        above, below = [], []
        yield block
    yield from _run(above + below)


def _run(labels: Sequence[str]) -> Iterable[Unchanged]:
    if labels:
        yield Unchanged(tuple(labels))


def _rank(block: ChangedBlock) -> int:
    return kinds.HEADS.index(block.kind)
