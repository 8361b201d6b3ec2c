"""A section together with its permanent key: what lineage, comparison and anchors work on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from policyforum.text.sections import Section


@dataclass(frozen=True, slots=True)
class KeyedSection:
    """One section of one revision and the opaque key it carries through all revisions.

    `tokens`: its text's tokens as `words.pack` stores them, empty where they are not at hand.
    """

    key: str
    section: Section
    tokens: bytes = b""


def keyed(keys: Iterable[str], sections: Iterable[Section]) -> tuple[KeyedSection, ...]:
    """Pair keys with sections one to one; ValueError when their numbers differ."""
    return tuple(KeyedSection(key, section) for key, section in zip(keys, sections, strict=True))


def subtree_ends(sections: Sequence[Section]) -> list[int]:
    """For each position, the position after its last descendant (sections in pre-order)."""
    ends = [section.position + 1 for section in sections]
    for section in reversed(sections):
        if section.parent is not None:
            ends[section.parent] = max(ends[section.parent], ends[section.position])
    return ends
