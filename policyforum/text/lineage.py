"""Carry each section's permanent key from one revision to the next.

A section is recognised by its own words first, wherever it stands; then by the company it keeps
(its children, its parent, its neighbours); its number and title decide only between equals, so
that renumbered and retitled sections keep their key.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from policyforum.text.descent import Descent, descend
from policyforum.text.keyed import KeyedSection
from policyforum.text.links import Links, Reason
from policyforum.text.matching import match
from policyforum.text.moves import moved
from policyforum.text.sections import Section
from policyforum.text.words import tokenise

SAME: Final = "same"
EDITED: Final = "edited"
MOVED: Final = "moved"
SPLIT: Final = "split"
MERGED: Final = "merged"
NEW: Final = "new"


@dataclass(frozen=True, slots=True)
class CarriedSection:
    """Where one new section's key comes from.

    `state` is one of this module's six; `previous_keys` the keys it descends from (several after a
    merge; its own key among them when it kept one); `score` how sure the match is, 0 to 1;
    `reason` a short code for why (see `links.Reason`).
    """

    position: int
    key: str
    state: str
    previous_keys: tuple[str, ...]
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Carried:
    """The new sections in order of position, and the keys that ended, in their old order."""

    sections: tuple[CarriedSection, ...]
    gone: tuple[str, ...]


def carry(
    old: Sequence[KeyedSection],
    new: Sequence[Section],
    new_key: Callable[[], str],
    overrides: Mapping[int, str] | None = None,
) -> Carried:
    """Give every section of `new` the key of the old section it continues, or a new one.

    `overrides` maps positions in `new` to the key a person chose for them: one of the old keys, or
    "" for "this is a new section". Deterministic; no key is given twice. ValueError when an
    override names an unknown key or one key twice.
    """
    links = Links([entry.section for entry in old], new)
    _impose(links, old, overrides or {})
    match(links)
    origin = links.origin()
    descent = descend(links)
    displaced = moved(links.old_sections, new, origin)
    carried = tuple(_carried(section, old, links, descent, displaced, new_key) for section in new)
    gone = tuple(entry.key for at, entry in enumerate(old) if links.successor_of(at) is None)
    return Carried(carried, gone)


def _impose(links: Links, old: Sequence[KeyedSection], overrides: Mapping[int, str]) -> None:
    if any(amount > 1 for key, amount in Counter(overrides.values()).items() if key):
        raise ValueError("an override gives one key to two sections")
    places = {entry.key: at for at, entry in enumerate(old)}
    for position, key in sorted(overrides.items()):
        if key and key not in places:
            raise ValueError(f"an override names an unknown key: {key}")
        if key:
            links.link(places[key], position, 1.0, Reason.OVERRIDE)
        else:
            links.close(position)


def _carried(
    section: Section,
    old: Sequence[KeyedSection],
    links: Links,
    descent: Descent,
    displaced: frozenset[int],
    new_key: Callable[[], str],
) -> CarriedSection:
    here = section.position
    others = tuple(old[at].key for at in descent.sources.get(here, ()))
    link = links.links.get(here)
    if link is None:
        score, reason = descent.scores.get(here, 0.0), Reason.NOTHING_LIKE_IT
        if here in descent.split:
            return CarriedSection(here, new_key(), SPLIT, others, score, Reason.PART_OF_IT)
        return CarriedSection(here, new_key(), NEW, (), 0.0, reason)
    key = old[link.old].key
    if here in descent.merged:
        state = MERGED
    elif here in descent.split:
        state = SPLIT
    elif here in displaced:
        state = MOVED
    elif _same_words(old[link.old].section.text, section.text):
        state = SAME
    else:
        state = EDITED
    previous = (key, *(other for other in others if other != key))
    return CarriedSection(here, key, state, previous, link.score, link.reason)


def _same_words(old: str, new: str) -> bool:
    return old == new or tokenise(old).cores == tokenise(new).cores
