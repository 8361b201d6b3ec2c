"""Apply suggested wordings to one text together; those that contradict each other are left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from policyforum.text.alignment import align
from policyforum.text.words import tokenise


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace source[start:end] by `replacement`; `ref` names who asked for it."""

    start: int
    end: int
    replacement: str
    ref: str


@dataclass(frozen=True, slots=True)
class Clash:
    """Edits that want different words in the same place, and the words that stand there."""

    start: int
    end: int
    base: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """The new text, the refs of the edits in it (in the order given), and the clashes."""

    source: str
    applied: tuple[str, ...]
    conflicts: tuple[Clash, ...]


@dataclass(frozen=True, slots=True)
class _Change:
    start: int
    end: int
    text: str
    edit: int


def apply(source: str, edits: Sequence[Edit]) -> Applied:
    """Apply all edits that do not contradict another; an edit goes in whole or not at all.

    Edits are compared by the words they really change, so two rewordings of one paragraph that
    touch different words both go in, and equal ones count once. Of contradicting edits none is
    applied: which wording holds is for a person to say. ValueError when an edit reaches out of the
    text.
    """
    for edit in edits:
        if not 0 <= edit.start <= edit.end <= len(source):
            raise ValueError(f"edit {edit.ref} reaches out of the text")
    changes = [change for at, edit in enumerate(edits) for change in _changes(source, edit, at)]
    changes.sort(key=lambda change: (change.start, change.end, change.edit))
    rivals = _rivals(changes)
    refused = {edit for pair in rivals for edit in pair}
    taken: dict[tuple[int, int, str], _Change] = {}
    for change in changes:
        if change.edit not in refused:
            taken.setdefault((change.start, change.end, change.text), change)
    parts: list[str] = []
    at = 0
    for change in taken.values():
        parts += [source[at : change.start], change.text]
        at = change.end
    parts.append(source[at:])
    applied = tuple(edit.ref for at, edit in enumerate(edits) if at not in refused)
    return Applied("".join(parts), applied, tuple(_clashes(source, edits, rivals)))


def _changes(source: str, edit: Edit, number: int) -> list[_Change]:
    """The words an edit really changes."""
    before, after = tokenise(source[edit.start : edit.end]), tokenise(edit.replacement)
    old = [before.text[before.starts[at] : before.starts[at + 1]] for at in range(len(before))]
    new = [after.text[after.starts[at] : after.starts[at + 1]] for at in range(len(after))]
    leads = before.text[: before.starts[0]], after.text[: after.starts[0]]
    if not old or not new or leads[0] != leads[1]:
        if before.text == after.text:
            return []
        return [_Change(edit.start, edit.end, edit.replacement, number)]
    changes: list[_Change] = []
    a = b = 0
    for block in [*align(old, new), None]:
        a2, b2 = (block.old, block.new) if block else (len(old), len(new))
        if a < a2 or b < b2:
            start, end = edit.start + before.starts[a], edit.start + before.starts[a2]
            changes.append(_Change(start, end, "".join(new[b:b2]), number))
        if block:
            a, b = block.old + block.size, block.new + block.size
    return changes


def _rivals(changes: Sequence[_Change]) -> list[tuple[int, int]]:
    """Pairs of edits with changes that overlap, or insert at one point, and differ."""
    rivals: set[tuple[int, int]] = set()
    open_changes: list[_Change] = []
    for change in changes:
        open_changes = [
            other
            for other in open_changes
            if other.end > change.start or other.start == change.start
        ]
        for other in open_changes:
            same = (other.start, other.end, other.text) == (
                change.start,
                change.end,
                change.text,
            )
            if other.edit != change.edit and not same:
                rivals.add((other.edit, change.edit))
        open_changes.append(change)
    return sorted(rivals)


def _clashes(source: str, edits: Sequence[Edit], rivals: Sequence[tuple[int, int]]) -> list[Clash]:
    """Rivals grouped: who contradicts whom, directly or through others."""
    groups: list[set[int]] = []
    for pair in rivals:
        joined = set(pair)
        apart: list[set[int]] = []
        for group in groups:
            if group & joined:
                joined |= group
            else:
                apart.append(group)
        groups = [*apart, joined]
    clashes: list[Clash] = []
    for group in sorted(groups, key=min):
        members = [edits[at] for at in sorted(group)]
        start, end = min(edit.start for edit in members), max(edit.end for edit in members)
        clashes.append(Clash(start, end, source[start:end], tuple(members)))
    return clashes
