"""F25: every regular expression of the program, on texts made to make it slow.

The texts are made from the expression itself: what leads up to a repetition, then what it repeats,
ten thousand times, then something that does not fit. Time must grow as the text does: a matcher
that tries everything twice grows fourfold for twice the text. `find` is what `make test` runs too.
"""

from __future__ import annotations

import ast
import importlib
import itertools
import pkgutil
import re
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any
from unittest.mock import patch

import policyforum
from policyforum.text import redline
from trials.trial import Outcome, Trial

SEARCHING = ("search", "sub", "subn", "finditer", "findall", "split")
SHORT, LONG = 2_000, 8_000
"""Repetitions in the two texts compared."""
TOO_SLOW = 0.01  # seconds for the long text, below which growth says nothing
STEEP = 8.0  # times as long for four times the text: 4 is proportional, 16 is quadratic
LIMIT = 2.0  # seconds, after which an expression is not waited for
SAMPLES = 3
COMMON_PUMPS = (" ", "\t", "\n", "a", "A", "1", "(", "[", "<", "*", "_", "-", "#", "\\", ". ", "a.",
                " a", "a ", "\n ", " \n", "I", ":", "`", "Pasal ")  # fmt: skip
_PARSER = importlib.import_module("re._parser")  # what `re` itself reads expressions with
ENDINGS = ("", "\x00", "\n\x00", "!a")
CATEGORIES = {
    "CATEGORY_DIGIT": r"\d",
    "CATEGORY_NOT_DIGIT": r"\D",
    "CATEGORY_SPACE": r"\s",
    "CATEGORY_NOT_SPACE": r"\S",
    "CATEGORY_WORD": r"\w",
    "CATEGORY_NOT_WORD": r"\W",
}


@dataclass(frozen=True, slots=True)
class Expression:
    """`where`: module and name. `searches`: tried at every place of a text, not only the first."""

    where: str
    pattern: re.Pattern[str]
    searches: bool


@dataclass(frozen=True, slots=True)
class Slow:
    """What a text of `LONG` repetitions of `pump` costs, in seconds, and how much more than of
    `SHORT` ones."""

    where: str
    pump: str
    seconds: float
    growth: float

    def __str__(self) -> str:
        return f"{self.where} on {self.pump!r}: {self.seconds:.2f} s, ×{self.growth:.0f}"


def find(
    expressions: Iterable[Expression], *, pumps: Iterable[str] = COMMON_PUMPS
) -> Iterator[Slow]:
    """The expressions that are slow on some text, each with the first such text."""
    common = tuple(pumps)
    for expression in expressions:
        tried = (_tried(expression, *text) for text in _texts(expression, common))
        slow = next(filter(None, tried), None)
        if slow:
            yield slow


def expressions() -> list[Expression]:
    """Every expression of the program: those its modules hold, and those written where used."""
    found: dict[tuple[str, int], Expression] = {}
    for name in sorted(module.name for module in _modules()):
        module = importlib.import_module(name)
        for variable, value in vars(module).items():
            for pattern in _patterns_in(value):
                key = (pattern.pattern, pattern.flags)
                searches = _is_searched(variable) or (key in found and found[key].searches)
                found[key] = Expression(f"{name}.{variable}", pattern, searches)
        for literal, function in _written_where_used(Path(str(module.__file__))):
            pattern = re.compile(literal)
            expression = Expression(f"{name}.{function}", pattern, function in SEARCHING)
            found.setdefault((pattern.pattern, pattern.flags), expression)
    return list(found.values())


def _modules() -> Iterator[pkgutil.ModuleInfo]:
    for module in pkgutil.walk_packages(policyforum.__path__, "policyforum."):
        if not module.name.endswith("__main__"):
            yield module


def _patterns_in(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _patterns_in(part)
    elif isinstance(value, (tuple, list)):
        for part in value:
            yield from _patterns_in(part)


def _written_where_used(path: Path) -> Iterator[tuple[str, str]]:
    """Expressions given to functions of `re` as they stand, with the function's name."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="re"), attr=function),
                args=[ast.Constant(value=str(literal)), *_],
            ):
                yield literal, function


def _is_searched(variable: str) -> bool:
    """Whether any module looks for it anywhere in a text."""
    uses = re.compile(rf"\b{re.escape(variable)}\b(?:\[[^\]]*\])?\.(?:{'|'.join(SEARCHING)})\(")
    return any(uses.search(source) for source in _sources())


@cache
def _sources() -> tuple[str, ...]:
    folder = Path(policyforum.__path__[0])
    return tuple(path.read_text("utf-8") for path in sorted(folder.rglob("*.py")))


def _texts(expression: Expression, common: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """What comes before, what is repeated, what comes after."""
    pattern = expression.pattern
    own = dict.fromkeys(_pumps(_PARSER.parse(pattern.pattern, pattern.flags), ""))
    pairs = [*own, *(("", pump) for pump in common)]
    for (before, pump), after in itertools.product(pairs, ENDINGS):
        yield before, pump, after


def _tried(expression: Expression, before: str, pump: str, after: str) -> Slow | None:
    use = expression.pattern.search if expression.searches else expression.pattern.match
    short, long = (before + pump * count + after for count in (SHORT, LONG))
    try:
        with _not_longer_than(LIMIT):
            # The least of a few: what the processor's caches cost is not the expression's fault.
            took = _seconds(use, long)
            if took < TOO_SLOW:
                return None
            took = min(took, _seconds(use, long), _seconds(use, long))
            growth = took / min(_seconds(use, short) for _again in range(5))
    except TimeoutError:
        return Slow(expression.where, before + pump, LIMIT, float("inf"))
    return Slow(expression.where, before + pump, took, growth) if growth >= STEEP else None


def _seconds(use: Callable[[str], object], text: str) -> float:
    began = time.thread_time()
    use(text)
    return max(time.thread_time() - began, 1e-6)


@contextmanager
def _not_longer_than(seconds: float) -> Iterator[None]:
    """Raise `TimeoutError` in the block; the matcher looks for signals while it works."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _pumps(tree: Any, before: str) -> Iterator[tuple[str, str]]:
    """For every long repetition in a parsed expression: a text that leads to it, and its own."""
    for code, argument in tree:
        name = str(code)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            _least, most, body = argument
            if int(most) > 20:
                for pump in _samples(body):
                    yield before, pump
            yield from _pumps(body, before)
        elif name == "SUBPATTERN":
            yield from _pumps(argument[-1], before)
        elif name == "BRANCH":
            for branch in argument[1]:
                yield from _pumps(branch, before)
        elif name == "ATOMIC_GROUP":
            yield from _pumps(argument, before)
        before += next(iter(_samples([(code, argument)])), "")


def _samples(tree: Any) -> list[str]:
    """A few texts that this part of an expression takes."""
    found = [""]
    for code, argument in tree:
        parts = _samples_of(str(code), argument) or [""]
        found = [text + part for text in found for part in parts][: SAMPLES * 4]
    return list(dict.fromkeys(found))[: SAMPLES * 4]


def _samples_of(code: str, argument: Any) -> list[str]:
    match code:
        case "LITERAL":
            return [chr(argument)]
        case "NOT_LITERAL":
            return ["a" if argument != ord("a") else "b"]
        case "ANY":
            return ["a", " "]
        case "IN":
            return _members(argument)
        case "SUBPATTERN":
            return _samples(argument[-1])
        case "ATOMIC_GROUP":
            return _samples(argument)
        case "BRANCH":
            return [text for branch in argument[1] for text in _samples(branch)[:1]][: SAMPLES * 4]
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, _most, body = argument
            return [text * max(1, min(int(least), 3)) for text in _samples(body)[:SAMPLES]]
        case _:
            return [""]


def _members(parts: Any) -> list[str]:
    """Some characters of a class; of a negated one, some that are not named."""
    negated = bool(parts) and str(parts[0][0]) == "NEGATE"
    one = re.compile(f"[{_class(parts)}]", re.DOTALL)
    likely = " \t\na1A.(*_->#\\[:=`|!,;I"
    named = [chr(argument) for code, argument in parts if str(code) == "LITERAL"]
    candidates = dict.fromkeys([*([] if negated else named), *likely])
    chosen = [char for char in candidates if one.match(char)]
    return chosen[: SAMPLES * 2]


def _class(parts: Any) -> str:
    """The class written again."""
    written = ""
    for code, argument in parts:
        match str(code):
            case "NEGATE":
                written += "^"
            case "LITERAL":
                written += re.escape(chr(argument))
            case "RANGE":
                written += f"{re.escape(chr(argument[0]))}-{re.escape(chr(argument[1]))}"
            case "CATEGORY":
                written += CATEGORIES[str(argument)]
    return written


HARMLESS = {
    "policyforum.reading.contents._TAG": "reads our own HTML, where people's < are written &lt;",
}
"""Expressions that are slow on texts they never get."""


def run(full: bool) -> Outcome:
    pumps = COMMON_PUMPS if full else ()
    slow = find(expressions(), pumps=pumps)
    found = [one for one in slow if one.where not in HARMLESS]
    told = f"{len(expressions())} expressions, {len(found)} slow"
    return Outcome("; ".join([told, *map(str, found[:3])]), not found)


def broken(full: bool) -> Outcome:
    with patch.object(redline, "_SPACE", re.compile(r"[^\S\n]*\n[^\S\n]*")):
        return run(full)


TRIAL = Trial(
    name="F25",
    what="every regular expression on texts made from it to make it slow",
    goal="0 whose time grows faster than the text",
    run=run,
    breaks="white space looked for from each of its characters",
    broken=broken,
)
