"""How provisions are cited: they exist, each with its own word, in the usual wording."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from policyforum.text import kinds
from policyforum.text.flaws import Flaw
from policyforum.text.references import DANGLING, EXTERNAL, Reference, references
from policyforum.text.sections import Outline

_BEFORE: Final = re.compile(r"\bdimaksud\s{1,3}(?P<word>dalam|pada|di)\s{1,3}$")
_RUN: Final = re.compile(r"(?<=[\s\d)])(?P<word>s\.d\.|s/d|s\.d)(?=\s)")
_SELF: Final = re.compile(r"\b(?:[Pp]asal|[Aa]yat|[Hh]uruf) ini\b")
_NAMES: Final = {
    kinds.PASAL: "Pasal",
    kinds.AYAT: "ayat",
    kinds.HURUF: "huruf",
    kinds.ANGKA: "angka",
}
_CITED_BY: Final = {kinds.PASAL: "dalam", kinds.AYAT: "pada"}


def reference_findings(outline: Outline) -> Iterator[Flaw]:
    """Citations of nothing, bare numbers, the wrong preposition, "s.d.", "Pasal ini"."""
    for reference in references(outline):
        yield from _cited(outline, reference)
    for section in outline.sections:
        for found in _RUN.finditer(section.text):
            start, end = section.offset + found.start(), section.offset + found.end()
            yield Flaw(start, end, "run_abbreviated", {"words": found[0]}, "sampai dengan")
        for found in _SELF.finditer(section.text):
            start, end = section.offset + found.start(), section.offset + found.end()
            yield Flaw(start, end, "cites_itself", {"words": found[0]})


def _cited(outline: Outline, reference: Reference) -> Iterator[Flaw]:
    section, mention = outline.sections[reference.section], reference.mention
    words = section.text[mention.start : mention.end]
    args = {"words": " ".join(words.split())}
    if reference.state == DANGLING:
        yield Flaw(reference.start, reference.end, "reference_dangling", args)
    elif mention.bare and reference.state != EXTERNAL:
        fix = f"{_NAMES[mention.parts[-1].kind]} {words}"
        yield Flaw(reference.start, reference.end, "reference_bare", args, fix)
    kind = mention.parts[0].kind
    before = _BEFORE.search(section.text, max(0, mention.start - 40), mention.start)
    right = _CITED_BY.get(kind)
    if before and right and before["word"] != right and not mention.inherits:
        start, end = (section.offset + at for at in before.span("word"))
        args = {"words": f"{before['word']} {words}", "right": right}
        yield Flaw(start, end, "reference_preposition", args, right)
