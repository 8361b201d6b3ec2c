"""Fixes as values: what to write where, and how one that was shown is found in a text again.

A name says which words would give way to which, and what stands around them, not where: what is
typed elsewhere meanwhile changes nothing about it, and words that are gone are not found.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

_AROUND: Final = 40  # characters on either side that belong to a name


@dataclass(frozen=True, slots=True)
class Fix:
    """source[start:end] becomes `words`; `code` is the rule that wants it."""

    start: int
    end: int
    words: str
    code: str


def applied(source: str, fixes: Iterable[Fix]) -> str:
    """The text with all of these fixes; of two that overlap, only the one that begins first."""
    parts: list[str] = []
    done = 0
    for fix in sorted(fixes, key=lambda one: (one.start, one.end)):
        if fix.start >= done:
            parts += [source[done : fix.start], fix.words]
            done = fix.end
    return "".join([*parts, source[done:]])


def names(source: str, fixes: Sequence[Fix]) -> list[str]:
    """A name for each fix of a text, none twice.

    Where the same words stand several times, the name holds which of how many is meant.
    """
    digests = [_digest(source, fix) for fix in fixes]
    times, seen = Counter(digests), Counter[str]()
    found = []
    for digest in digests:
        seen[digest] += 1
        found.append(f"{digest}-{seen[digest]}-{times[digest]}")
    return found


def name_of_all(fixes: Iterable[str]) -> str:
    """One name for all of these; with any more or fewer it is another."""
    return hashlib.sha256("\n".join(sorted(fixes)).encode()).hexdigest()[:24]


def _digest(source: str, fix: Fix) -> str:
    before = source[max(0, fix.start - _AROUND) : fix.start]
    after = source[fix.end : fix.end + _AROUND]
    told = [fix.code, before, source[fix.start : fix.end], after, fix.words]
    return hashlib.sha256("\0".join(told).encode("utf-8", "surrogatepass")).hexdigest()[:16]
