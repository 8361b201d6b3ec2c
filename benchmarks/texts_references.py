"""References: every one that names a Pasal is understood or told; right again after renumbering."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from random import Random

from benchmarks.table import Row
from benchmarks.texts_data import Document, data_name, first_keys, some_documents
from policyforum.text import kinds
from policyforum.text.keyed import KeyedSection, keyed
from policyforum.text.references import FOUND, Reference, references
from policyforum.text.renumbering import apply, corrections
from policyforum.text.sections import Outline, Section, split

_PASAL = re.compile(r"\bPasal\s+\d{1,4}[A-Z]?\b")
_NUMBER = re.compile(r"(Pasal\s+)\d+\s?[A-Z]{0,2}")
_HEAD = re.compile(r"[\s#>*_\"“]*Pasal\s+\d{1,4}\s?[A-Z]{0,2}[\s*_]*")


def measure(quick: bool) -> list[Row]:
    """Both lines of the references' table."""
    documents = [one for one in some_documents(quick) if one.is_indonesian]
    return [_understood(documents), _renumbered(documents, 1 if quick else 3)]


def _understood(documents: Sequence[Document]) -> Row:
    total = 0
    states: Counter[str] = Counter()
    missed: list[str] = []
    for document in documents:
        source = document.texts[-1]
        found = references(split(source))
        for at, line in _citing_lines(source):
            for match in _PASAL.finditer(line):
                total += 1
                place = at + match.start()
                state = next((one.state for one in found if one.start <= place < one.end), "")
                states[state] += 1
                if not state:
                    missed.append(f"{document.name}: {match[0]}")
    seen = total - states[""]
    return Row(
        f"references that name a Pasal, {len(documents)} Indonesian texts ({data_name()})",
        f"{seen} of {total} = {seen / max(1, total):.2%}",
        "≥ 99 %",
        seen >= 0.99 * total,
        f"found {states['found']}, external {states['external']}, told as dangling "
        f"{states['dangling']}; " + "; ".join(missed[:5]),
    )


def _citing_lines(source: str) -> list[tuple[int, str]]:
    found = []
    at = 0
    for line in source.split("\n"):
        if not _HEAD.fullmatch(line):
            found.append((at, line))
        at += len(line) + 1
    return found


def _renumbered(documents: Sequence[Document], rounds: int) -> Row:
    right = total = 0
    missed: list[str] = []
    for document in documents:
        if document.name.startswith("id-raw"):
            continue
        for seed in range(rounds):
            fine, all_of_them, wrong = judged(document.texts[-1], Random(seed))
            right, total = right + fine, total + all_of_them
            missed += (f"{document.name}: {words}" for words in wrong)
    return Row(
        f"references after a random renumbering, corrections made ({data_name()})",
        f"{right} of {total} = {right / max(1, total):.2%}",
        "≥ 99 %",
        right >= 0.99 * total,
        "; ".join(missed[:5]),
    )


def judged(source: str, rng: Random) -> tuple[int, int, list[str]]:
    """Renumber a text and correct it: how many of the references then wrong are right again.

    One that was right and is no longer counts as wrong. Also the words of those still wrong.
    """
    old = first_keys(source)
    new = _shuffled(old, rng)
    text = "".join(entry.section.text for entry in new)
    wrong = corrections(old, new)
    corrected = split(apply(text, wrong)).sections
    if len(corrected) != len(new):
        return 0, 0, []
    mended = keyed((entry.key for entry in new), corrected)
    before, between, after = (_targets(entries) for entries in (old, new, mended))
    right = total = 0
    missed: list[str] = []
    present = {entry.key for entry in new}
    for key, was in before.items():
        if key not in present:
            continue
        for at, (target, words) in enumerate(was):
            if not target or target not in present:
                continue
            moved, fine = _at(between, key, at) != target, _at(after, key, at) == target
            total += moved or not fine
            right += moved and fine
            if not fine:
                missed.append(words)
    return right, total, missed


def _at(found: dict[str, list[tuple[str, str]]], key: str, index: int) -> str:
    there = found.get(key, [])
    return there[index][0] if index < len(there) else ""


def _targets(entries: Sequence[KeyedSection]) -> dict[str, list[tuple[str, str]]]:
    """By section, what each of its references means ("" where it is not found), and its words."""
    outline = Outline(tuple(entry.section for entry in entries))
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for one in references(outline):
        target = entries[one.targets[-1]].key if one.state == FOUND else ""
        found[entries[one.section].key].append((target, _words(one, entries)))
    return found


def _words(reference: Reference, entries: Sequence[KeyedSection]) -> str:
    mention = reference.mention
    return entries[reference.section].section.text[mention.start : mention.end]


def _shuffled(old: Sequence[KeyedSection], rng: Random) -> tuple[KeyedSection, ...]:
    """The text with articles moved, dropped and added, and numbered through again."""
    blocks: list[list[tuple[str, str]]] = [[]]
    for entry in old:
        if entry.section.kind in (kinds.PASAL, *kinds.HEADS, kinds.PENUTUP, kinds.PENJELASAN):
            blocks.append([])
        blocks[-1].append((entry.key, entry.section.text))
    heads = {entry.key: entry.section for entry in old}
    free = [at for at, block in enumerate(blocks) if block and _is_article(block, heads)]
    for _ in range(max(1, len(free) // 10)):
        here, there = rng.sample(free, 2) if len(free) > 1 else (0, 0)
        blocks[here], blocks[there] = blocks[there], blocks[here]
    fresh = rng.choice(free)
    blocks.insert(fresh, [("added", "#### Pasal 0\n\nKetentuan ini ditambahkan.\n\n")])
    parts: list[tuple[str, str]] = []
    number = 0
    for block in blocks:
        for key, text in block:
            headed = key == "added" or heads[key].kind == kinds.PASAL
            number += headed
            parts.append((key, _NUMBER.sub(rf"\g<1>{number}", text, count=1) if headed else text))
    sections = split("".join(text for _, text in parts)).sections
    if [section.text for section in sections] != [text for _, text in parts]:
        return tuple(old)
    return keyed((key for key, _ in parts), sections)


def _is_article(block: list[tuple[str, str]], heads: dict[str, Section]) -> bool:
    return heads[block[0][0]].kind == kinds.PASAL
