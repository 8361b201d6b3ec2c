"""Lists: the lead-in ends with a colon, items with semicolons, the last with a full stop, and the
last but one is joined to it by dan, atau, or dan/atau."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from policyforum.text import kinds
from policyforum.text.flaws import Flaw
from policyforum.text.sections import Outline, Section

_JOINING: Final = re.compile(r"[;,.]?\s{0,3}\b(?:dan/atau|dan|atau)$")
_DEFINING: Final = re.compile(r"\byang\s{1,3}dimaksud\s{1,3}dengan\b")
_NOT_SENTENCES: Final = frozenset(
    {kinds.MENIMBANG, kinds.MENGINGAT, kinds.MEMPERHATIKAN, kinds.INSTRUKSI}
)
_END: Final = {";": "item_semicolon", ".": "item_full_stop"}


def list_findings(outline: Outline) -> Iterator[Flaw]:
    """Every list of the body; definitions, which are sentences, apart."""
    families: dict[int, list[Section]] = {}
    for section in outline.sections:
        if section.parent is not None:
            families.setdefault(section.parent, []).append(section)
    for parent, children in families.items():
        host = outline.sections[parent]
        if host.kind in _NOT_SENTENCES or _DEFINING.search(host.text):
            continue
        for listed, run in groupby(children, lambda child: child.kind in kinds.LISTS):
            items = list(run)
            if listed and len(items) > 1:
                yield from _lead_in(host, items[0])
                yield from _items(items, families, closes=_closes(outline, items[-1], families))


def _lead_in(host: Section, first: Section) -> Iterator[Flaw]:
    words = host.text.rstrip()
    follows = host.end == first.offset
    if follows and words and not words.endswith(":") and words[-1] in ".,;":
        at = host.offset + len(words) - 1
        yield Flaw(at, at + 1, "lead_in_colon", {"label": host.label}, ":")


def _items(
    items: Sequence[Section], families: dict[int, list[Section]], *, closes: bool
) -> Iterator[Flaw]:
    for item in items[:-1]:
        if item.position not in families:
            yield from _end(item, ";")
    last_but_one = items[-2]
    words = last_but_one.text.rstrip()
    if last_but_one.position not in families and words and not _JOINING.search(words):
        end = last_but_one.offset + len(words)
        yield Flaw(end - 1, end, "item_unjoined", {"label": last_but_one.label})
    if closes and items[-1].position not in families:
        yield from _end(items[-1], ".")


def _end(item: Section, wanted: str) -> Iterator[Flaw]:
    """Whether an item ends as it should; a mark is put right, or put there."""
    words = item.text.rstrip()
    if joining := _JOINING.search(words):
        words = words[: joining.start() + (joining[0][0] in ";,.")]
    if not words or words[-1] == wanted or words[-1] in ':…"”|':
        return
    at = item.offset + len(words)
    args = {"label": item.label}
    if words[-1] in ",;.":
        yield Flaw(at - 1, at, _END[wanted], args, wanted)
    elif words[-1].isalnum() or words[-1] == ")":
        yield Flaw(at - 1, at, _END[wanted], args, words[-1] + wanted)


def _closes(outline: Outline, last: Section, families: dict[int, list[Section]]) -> bool:
    """Whether the sentence ends with the list: no closing words and no outer item goes on."""
    siblings = families.get(last.parent if last.parent is not None else -1, [])
    if siblings and siblings[-1] is not last:
        return False
    outer = outline.sections[last.parent] if last.parent is not None else None
    return outer is None or outer.kind not in kinds.LISTS
