"""Merge: random triples of real sections beside `git merge-file`."""

from __future__ import annotations

import subprocess
import tempfile
from collections import Counter
from pathlib import Path
from random import Random

from benchmarks.table import Row
from benchmarks.texts_data import data_name, some_documents
from policyforum.text.merge import Merged, merge3
from policyforum.text.sections import split
from policyforum.text.words import words_of

_TRIPLES = 2000
_FEW = 150


def measure(quick: bool) -> list[Row]:
    """Agreement with git where git finds no conflict; what either side added is never lost."""
    rng = Random(4)
    sections = [
        section.text
        for document in some_documents(quick)
        for section in split(document.texts[-1]).sections
        if 200 < len(section.text) < 8000
    ]
    counts: Counter[str] = Counter()
    misses: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(_FEW if quick else _TRIPLES):
            base = rng.choice(sections)
            ours, theirs = edited(base, rng), edited(base, rng)
            merged = merge3(base, ours, theirs)
            counts["all"] += 1
            counts["kept"] += not lost_words(base, ours, theirs, merged)
            git = git_merge(Path(folder), base, ours, theirs)
            if git is None:
                continue
            counts["clean"] += 1
            same = merged == Merged(git, ())
            counts["same"] += same
            if not same:
                misses.append(f"triple {number}")
    return [
        Row(
            f"merge: as git merge-file wherever git finds no conflict ({data_name()})",
            f"{counts['same']} of {counts['clean']}",
            "100 %",
            counts["same"] == counts["clean"],
            "; ".join(misses[:10]),
        ),
        Row(
            f"merge: triples in which nothing is lost ({data_name()})",
            f"{counts['kept']} of {counts['all']}",
            "100 %",
            counts["kept"] == counts["all"],
        ),
    ]


def edited(text: str, rng: Random) -> str:
    """A person's edits to a text: words, lines, moved and removed lines."""
    lines = text.split("\n")
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(lines))
        what = rng.random()
        if what < 0.4:
            lines[at] = _reworded(lines[at], rng)
        elif what < 0.6:
            lines.insert(at, f"Kalimat baru {rng.random():.4f}.")
        elif what < 0.75:
            lines[at] += " tambahan"
        elif what < 0.9:
            del lines[at]
        else:
            lines.insert(rng.randrange(len(lines)), lines.pop(at))
        if not lines:
            lines = [""]
    return "\n".join(lines)


def _reworded(line: str, rng: Random) -> str:
    words = line.split(" ")
    for _ in range(rng.randrange(1, 3)):
        words[rng.randrange(len(words))] = f"kata{rng.randrange(1000)}"
    return " ".join(words)


def lost_words(base: str, ours: str, theirs: str, merged: Merged) -> set[str]:
    """Words a side added that are neither in the merged text nor told in a conflict."""
    told = [merged.source, *(f"{one.ours} {one.theirs}" for one in merged.conflicts)]
    present = Counter(words_of(" ".join(told)))
    before = Counter(words_of(base))
    lost: set[str] = set()
    for side in (ours, theirs):
        added = Counter(words_of(side)) - before
        lost |= {word for word in added if not present[word]}
    return lost


def git_merge(folder: Path, base: str, ours: str, theirs: str) -> str | None:
    """What `git merge-file` makes of the three, None when it finds a conflict."""
    for name, text in (("base", base), ("ours", ours), ("theirs", theirs)):
        (folder / name).write_text(text, "utf-8", newline="")
    git = subprocess.run(
        ["git", "merge-file", "-p", "ours", "base", "theirs"],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    return git.stdout.decode() if git.returncode == 0 else None
