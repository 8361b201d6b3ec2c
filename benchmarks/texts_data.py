"""The texts the measurements of `text/` run on: real documents where they are, else made ones.

The folder is that of the tests (`POLICYFORUM_TEST_DATA`, else `../shared/data`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.texts_made import guideline, regulation
from policyforum.text.keyed import KeyedSection, keyed
from policyforum.text.lineage import carry
from policyforum.text.sections import split
from tests.text.histories import next_revision

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("POLICYFORUM_TEST_DATA") or ROOT.parent / "shared" / "data")
FEW = 4


@dataclass(frozen=True, slots=True)
class Document:
    """One document's revisions, oldest first; `files` and `dates` (ISO 8601) go with them."""

    name: str
    texts: tuple[str, ...]
    files: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()

    @property
    def is_indonesian(self) -> bool:
        return self.name.startswith("id-") or self.name.startswith("made-regulation")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two neighbouring revisions: where they are from, and their texts."""

    name: str
    old: str
    new: str


def is_real() -> bool:
    """Whether the real documents are there."""
    return (DATA / "docs").is_dir()


def data_name() -> str:
    """The data's name, for the tables."""
    return "real documents" if is_real() else "made documents"


@cache
def documents() -> tuple[Document, ...]:
    """Every document with every revision."""
    if is_real():
        return tuple(_read(folder) for folder in sorted((DATA / "docs").iterdir()))
    return tuple(_made())


def some_documents(quick: bool) -> Sequence[Document]:
    """All documents; when quick, a few of each kind with few revisions."""
    if not quick:
        return documents()
    small = [one for one in documents() if max(map(len, one.texts)) < 80_000]
    local = [one for one in small if one.is_indonesian][:FEW]
    other = [one for one in small if not one.is_indonesian][:FEW]
    return [
        Document(one.name, one.texts[-3:], one.files[-3:], one.dates[-3:]) for one in local + other
    ]


def pairs(quick: bool) -> Iterator[Pair]:
    """Every two neighbouring revisions."""
    for document in some_documents(quick):
        for number, (old, new) in enumerate(pairwise(document.texts), start=1):
            yield Pair(f"{document.name} {number}→{number + 1}", old, new)


def first_keys(source: str) -> tuple[KeyedSection, ...]:
    """A text as a first revision: section number N has the key "old N"."""
    sections = split(source).sections
    return keyed((f"old {at}" for at in range(len(sections))), sections)


def next_keys(old: Sequence[KeyedSection], source: str) -> tuple[KeyedSection, ...]:
    """A text as the revision after `old`; new sections have the keys "new 0", "new 1" …"""
    sections = split(source).sections
    numbers = iter(range(len(sections) + 1))
    carried = carry(old, sections, lambda: f"new {next(numbers)}")
    return keyed((entry.key for entry in carried.sections), sections)


def comments(name: str) -> list[dict[str, Any]]:
    """The rows of one set of comments that have an anchor."""
    path = DATA / "comments" / f"{name}.jsonl"
    rows = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    return [row for row in rows if row.get("anchor")]


def _read(folder: Path) -> Document:
    told = json.loads((folder / "meta.json").read_text("utf-8"))["revisions"]
    files = tuple(str(one["file"]) for one in told)
    texts = tuple((folder / file).read_bytes().decode() for file in files)
    return Document(folder.name, texts, files, tuple(str(one.get("date") or "") for one in told))


def _made() -> Iterator[Document]:
    for seed in range(6):
        rng = Random(seed)
        legal = seed % 2 == 0
        texts = [regulation(rng, 40 + 20 * seed) if legal else guideline(rng, 30 + 10 * seed)]
        for _ in range(3):
            texts.append(next_revision(texts[-1], rng, 0.15).source)
        kind = "regulation" if legal else "guideline"
        files = tuple(f"r{number:03}.md" for number in range(1, 5))
        yield Document(f"made-{kind}-{seed}", tuple(texts), files, ("",) * 4)
