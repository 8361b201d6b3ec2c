"""Which persisting sections stand under another parent or in another order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from policyforum.text.increasing import longest_increasing
from policyforum.text.sections import Section


def moved(
    old: Sequence[Section], new: Sequence[Section], origin: Mapping[int, int]
) -> frozenset[int]:
    """Find the positions in `new` of sections that moved; `origin` maps new to old positions.

    A section that merely got or lost a wrapper (a heading put around it, a chapter line removed)
    has not moved, nor has one whose parent moved and took it along. Of sections that changed
    places, those with fewer words count as moved (heaviest increasing subsequence).
    """
    successor = {there: here for here, there in origin.items()}
    families: dict[int, list[int]] = defaultdict(list)
    found: set[int] = set()
    old_homes = _homes(old, successor)
    new_homes = _homes(new, origin)
    for here, there in sorted(origin.items()):
        old_home, new_home = old_homes[there], new_homes[here]
        if (origin[new_home] if new_home >= 0 else -1) == old_home:
            families[new_home].append(here)
        else:
            found.add(here)
    weights = _subtree_sizes(new)
    for family in families.values():
        places = [origin[here] for here in family]
        if places == sorted(places):
            continue
        stayed = longest_increasing(places, [weights[here] for here in family])
        found.update(set(family) - {family[index] for index in stayed})
    return frozenset(found)


def _homes(sections: Sequence[Section], persisting: Mapping[int, int]) -> list[int]:
    """For each section its nearest ancestor that exists on the other side too (-1: the text)."""
    homes: list[int] = []
    for section in sections:
        parent = section.parent
        if parent is None:
            homes.append(-1)
        else:
            homes.append(parent if parent in persisting else homes[parent])
    return homes


def _subtree_sizes(sections: Sequence[Section]) -> list[int]:
    sizes = [len(section.text) + 1 for section in sections]
    for section in reversed(sections):
        if section.parent is not None:
            sizes[section.parent] += sizes[section.position]
    return sizes
