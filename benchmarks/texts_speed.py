"""Speed of comparison and placing beside git and `str.find`, each timed in the same run."""

from __future__ import annotations

import gc
import subprocess
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from math import log
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, process_time

from benchmarks.table import Row
from benchmarks.texts_anchors import Asked, requests_for
from benchmarks.texts_data import documents, first_keys, next_keys
from benchmarks.texts_made import articles, regulation
from policyforum.text.anchors import place_all
from policyforum.text.diff import Comparison, compare
from policyforum.text.keyed import KeyedSection
from policyforum.text.keyedtext import KeyedText
from policyforum.text.lineage import carry
from policyforum.text.sections import split
from policyforum.text.words import pack, tokenise
from tests.text.histories import reword, tokens_of

_SECTIONS = 120
_CHANGED = (7, 31, 58, 83, 110)
_STATUTE = "de-abgabenordnung"
_ANCHORS = 2000
_SIZES = (10, 40, 160, 640, 1300)  # thousands of characters
_ARTICLE = 635  # characters of a Pasal, on average
_STEEPEST = 1.2  # n log n has 1.1 over these sizes; the caches of a processor take their part
_GIT = ("git", "diff", "--no-index", "--word-diff", "--histogram", "old", "new")


def measure(quick: bool) -> list[Row]:
    """Comparison against git, placing against `str.find`."""
    rounds = 3 if quick else 9
    source = articles(Random(1), _SECTIONS, 5200)
    return [*_comparing(source, rounds), *_comparing_real(rounds), _placing(source, rounds)]


def growth(quick: bool) -> Iterator[Row]:
    """Each step on texts of growing size: processor time, also per 100 KB, and how it grows."""
    sizes = _SIZES[:3] if quick else _SIZES
    for name, make in (("guideline", _guideline), ("regulation", _regulation)):
        taken = {len(source): _steps(source) for source in map(make, sizes)}
        for size, steps in taken.items():
            shown = (
                f"{step} {took * 1000:.1f} ms ({took * 1e8 / size:.1f})"
                for step, took in steps.items()
            )
            what = f"{name} of {size // 1000} KB (generator): ms, in brackets ms per 100 KB"
            yield Row(what, ", ".join(shown), values=steps)
        yield _exponents(name, taken)


def _guideline(size: int) -> str:
    return articles(Random(size), max(2, size * 1000 // 5200), 5200)


def _regulation(size: int) -> str:
    return regulation(Random(size), size * 1000 // _ARTICLE)


def _exponents(name: str, taken: Mapping[int, Mapping[str, float]]) -> Row:
    """By which power of the size the time grows, from the second size on: below it, fixed costs."""
    _, small, *_, large = taken
    times = log(large / small)
    powers = {step: log(taken[large][step] / taken[small][step]) / times for step in taken[large]}
    return Row(
        f"{name}: time grows with the size to the power of, {small // 1000} → {large // 1000} KB",
        ", ".join(f"{step} {power:.2f}" for step, power in powers.items()),
        f"≤ {_STEEPEST}",
        max(powers.values()) <= _STEEPEST,
        values=powers,
    )


def _comparing(source: str, rounds: int) -> Iterator[Row]:
    old = stored(first_keys(source))
    whole, few = _edited(source), _edited(source, _CHANGED)
    new_whole, new_few = stored(next_keys(old, whole)), stored(next_keys(old, few))
    # The yardstick and the comparison take turns, so that both meet the same load.
    git, all_changed, written, some_changed = _in_turns(
        rounds,
        _git(source, whole),
        lambda: compare(old, new_whole),
        lambda: _written(compare(old, new_whole)),
        lambda: _written(compare(old, new_few)),
    )
    what = f"comparison, {len(source) // 1000} KB (generator), tokens stored"
    every = f"5 % of the words of {_SECTIONS} sections changed"
    yield Row(
        f"{what}, {every}",
        f"{all_changed / git:.2f} × git ({all_changed * 1000:.1f} / {git * 1000:.1f} ms)",
        "≤ 0.6 ×",
        all_changed <= 0.6 * git,
        "git diff --no-index --word-diff --histogram; words aligned and counted, moves found",
    )
    yield Row(
        f"{what}, {every}, and every change written out",
        f"{written / git:.2f} × git ({written * 1000:.1f} ms)",
        "≤ 0.6 ×",
        written <= 0.6 * git,
        "the same git run; with the text of all spans",
    )
    yield Row(
        f"{what}, {len(_CHANGED)} of {_SECTIONS} sections changed, and every change written out",
        f"{some_changed / git:.3f} × git ({some_changed * 1000:.2f} ms)",
        "≤ 0.06 ×",
        some_changed <= 0.06 * git,
        "the same git run",
    )


def _comparing_real(rounds: int) -> Iterator[Row]:
    """The same on a real statute of that size, whose sections are many and short."""
    statute = next((one for one in documents() if one.name == _STATUTE), None)
    if statute is None:
        return
    source = statute.texts[-1]
    changed = _edited(source)
    old = stored(first_keys(source))
    new = stored(next_keys(old, changed))
    git, took, written = _in_turns(
        rounds,
        _git(source, changed),
        lambda: compare(old, new),
        lambda: _written(compare(old, new)),
    )
    yield Row(
        f"comparison, {_STATUTE}, {len(source) // 1000} KB, tokens stored, 5 % changed",
        f"{took / git:.2f} × git ({took * 1000:.1f} / {git * 1000:.1f} ms), "
        f"every change written out {written / git:.2f} ×",
        note=f"{len(old)} sections, where the bar speaks of {_SECTIONS}",
    )


def _written(comparison: Comparison) -> int:
    """Read all spans, as whoever shows a comparison does; how many there are."""
    return sum(len(change.spans) for change in comparison.sections)


def _placing(source: str, rounds: int) -> Row:
    rng = Random(5)
    changed = _edited(source)
    old = stored(first_keys(source))
    new = stored(next_keys(old, changed))
    comparison = compare(old, new)
    spots = [rng.randrange(len(source) - 200) for _ in range(_ANCHORS)]
    asked = [Asked("", spot, spot + rng.randrange(30, 180), ()) for spot in spots]
    wanted = requests_for(old, asked)
    quotes = [source[one.start : one.end] for one in asked]
    text = KeyedText(new).source
    find, place = _in_turns(
        rounds,
        lambda: [text.find(quote) for quote in quotes],
        lambda: place_all(wanted, old, new, comparison),
    )
    return Row(
        f"{_ANCHORS} anchors into a new revision of {len(text) // 1000} KB (generator)",
        f"{place / find:.2f} × str.find ({place * 1000:.0f} / {find * 1000:.0f} ms)",
        "≤ 0.5 ×",
        place <= 0.5 * find,
    )


def _steps(source: str) -> dict[str, float]:
    """Processor seconds of each step with 5 % of the words changed."""
    changed = _edited(source)
    old = stored(first_keys(source))
    new = stored(next_keys(old, changed))
    sections = split(changed).sections
    keys = [f"new {at}" for at in range(len(sections) + 1)]
    comparison = compare(old, new)
    asked = [Asked("", at, at + 60, ()) for at in range(0, len(source) - 100, len(source) // 200)]
    wanted = requests_for(old, asked)
    steps: dict[str, Callable[[], object]] = {
        "split": lambda: split(source),
        "carry": lambda: carry(old, sections, iter(keys).__next__),
        "compare": lambda: _written(compare(old, new)),
        "place": lambda: place_all(wanted, old, new, comparison),
    }
    gc.freeze()  # what stands in memory here is not gone through on behalf of a step
    taken = _in_turns(3, *steps.values(), clock=process_time)
    gc.unfreeze()
    return dict(zip(steps, taken, strict=True))


def stored(entries: Sequence[KeyedSection]) -> tuple[KeyedSection, ...]:
    """Sections as they come from the database: with their tokens."""
    return tuple(
        KeyedSection(entry.key, entry.section, pack(tokenise(entry.section.text)))
        for entry in entries
    )


def _edited(source: str, only: Collection[int] | None = None) -> str:
    rng = Random(2)
    vocabulary = [word for word in source.split() if word.isalpha()][:5000]
    parts: list[str] = []
    for section in split(source).sections:
        tokens = tokens_of(section)
        if only is None or section.position in only:
            tokens = reword(tokens, rng, 0.05, vocabulary)
        parts += (token.text for token in tokens)
    return "".join(parts)


def _git(old: str, new: str) -> Callable[[], object]:
    folder = tempfile.TemporaryDirectory()
    for name, text in (("old", old), ("new", new)):
        (Path(folder.name) / name).write_text(text, "utf-8")

    def run() -> object:
        return subprocess.run(_GIT, cwd=folder.name, capture_output=True, check=False)

    return run


def _in_turns(
    rounds: int, *steps: Callable[[], object], clock: Callable[[], float] = perf_counter
) -> list[float]:
    """Median seconds of each step, run one after the other round by round."""
    taken: list[list[float]] = [[] for _ in steps]
    for _ in range(rounds):
        for times, step in zip(taken, steps, strict=True):
            start = clock()
            step()
            times.append(clock() - start)
    return [median(times) for times in taken]
