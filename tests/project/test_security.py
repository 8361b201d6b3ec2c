"""What `docs/security.md` claims is tested by tests that exist; what the program never does."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import Config, ConfigError

ROOT = Path(__file__).resolve().parents[2]
SECURITY = ROOT / "docs/security.md"
POINTS = 62
ROW = re.compile(r"^\| (\d{1,2}) \|(.*)\|(.*)\|$", re.MULTILINE)
NAMED = re.compile(r"`((?:tests|trials)/[\w/]+\.py)(?:::([\w:]+))?`")
NEVER_IMPORTED = {"pickle", "marshal", "shelve", "subprocess", "yaml", "xml", "requests", "httpx"}
NEVER_CALLED = {
    "eval",
    "exec",
    "system",
    "popen",
    "render_template_string",
    "urlopen",
    "from_string",
}
NAMES_ITS_OWN_TABLES = ROOT / "policyforum/commands/demo.py"
"""Where a statement is put together all the same: from the names of tables, to empty the demo."""
SETTINGS = {
    "POLICYFORUM_ENV": "production",
    "POLICYFORUM_BASE_URL": "https://forum.example",
    "POLICYFORUM_SECRET_KEY": "x" * 48,
}


def rows() -> dict[int, str]:
    return {int(number): answer for number, _what, answer in ROW.findall(SECURITY.read_text())}


def test_every_point_has_a_test_or_a_reason() -> None:
    found = rows()
    assert sorted(found) == list(range(1, POINTS + 1))
    for number, answer in found.items():
        assert NAMED.search(answer) or len(answer.split()) > 5, number


def test_every_test_that_is_named_exists() -> None:
    for path, name in NAMED.findall(SECURITY.read_text()):
        names = set(_names(ROOT / path))
        assert not name or name in names, f"{path}::{name}"


def _names(path: Path) -> Iterator[str]:
    for node in ast.parse(path.read_text("utf-8")).body:
        match node:
            case ast.FunctionDef(name=name):
                yield name
            case ast.ClassDef(name=group, body=body):
                yield group
                for part in body:
                    if isinstance(part, ast.FunctionDef):
                        yield f"{group}::{part.name}"


def test_the_program_runs_no_commands_and_fetches_and_unpickles_nothing() -> None:
    for path in (ROOT / "policyforum").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            assert not _imported(node) & NEVER_IMPORTED, path
            if isinstance(node, ast.Call):
                called = node.func
                name = getattr(called, "attr", getattr(called, "id", ""))
                assert name not in NEVER_CALLED, f"{path}:{node.lineno}"


def _imported(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name.partition(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom):
        return {(node.module or "").partition(".")[0]}
    return set()


def test_statements_are_never_put_together_from_words() -> None:
    """SQL in text takes bound values only: no f-string, no `%`, no `+` inside `text(…)`."""
    for path in (ROOT / "policyforum").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Name(id="text") | ast.Attribute(attr="text" | "exec_driver_sql"),
                    args=[argument, *_],
                ) if "sqlalchemy" in path.read_text("utf-8"):
                    put_together = isinstance(argument, (ast.JoinedStr, ast.BinOp))
                    fine = not put_together or path == NAMES_ITS_OWN_TABLES
                    assert fine, f"{path}:{node.lineno}"


@pytest.mark.parametrize(
    "wrong",
    [
        {"POLICYFORUM_SECRET_KEY": ""},
        {"POLICYFORUM_SECRET_KEY": "short"},
        {"POLICYFORUM_BASE_URL": "http://forum.example"},
        {"POLICYFORUM_ENV": "debug"},
    ],
)
def test_production_does_not_start_with_unsafe_settings(wrong: dict[str, str]) -> None:
    assert not Config.from_environment(SETTINGS).is_testing
    with pytest.raises(ConfigError):
        Config.from_environment({**SETTINGS, **wrong})
