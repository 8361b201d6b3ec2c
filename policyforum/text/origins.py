"""Which earlier sections a section might continue, for a person who has to say so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from policyforum.text.candidates import WordIndex
from policyforum.text.keyed import KeyedSection, subtree_ends
from policyforum.text.resemblance import content_words, similarity
from policyforum.text.sections import Section

_MOST: Final = 6


def likely_origins(
    old: Sequence[KeyedSection], new: Sequence[Section], position: int
) -> list[tuple[str, float]]:
    """Keys of the old sections most like the new one at `position`, best first, each with how much
    of its words it shares (0 to 1). Sections are taken with all inside them, and only with their
    like: an article is never proposed for an ayat.
    """
    wanted = new[position]
    words = _words_inside(new, subtree_ends(new), position)
    sections = [entry.section for entry in old]
    ends = subtree_ends(sections)
    those = {
        at: _words_inside(sections, ends, at)
        for at, section in enumerate(sections)
        if section.kind == wanted.kind
    }
    found = WordIndex(those.items()).like(words)
    scored = [(old[at].key, similarity(those[at], words)) for at in found]
    return sorted(scored, key=lambda pair: -pair[1])[:_MOST]


def _words_inside(sections: Sequence[Section], ends: Sequence[int], position: int) -> list[str]:
    inside = sections[position : ends[position]]
    return [word for section in inside for word in content_words(section)]
