"""What the documentation tells people to do works: commands run, settings and links exist."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from flask import Flask

from config import Config
from policyforum.cli import main
from policyforum.text.sections import split
from tests.people import make_person
from tests.servers import served

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
OPERATIONS = ROOT / "docs/operations.md"
FOR_OPERATORS = ROOT / "docs/panduan-operator.md"
FOR_PROGRAMS = ROOT / "docs/api.md"
ADDRESS = "http://127.0.0.1:8000"
TIME_LIMIT = 200  # seconds for all commands of a page; a busy machine starts them slowly

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
COMMAND = re.compile(r"(?<![\w/.-])policyforum((?: [a-z]+)+)")
SETTING = re.compile(r"POLICYFORUM_[A-Z_]+")

pytestmark = [pytest.mark.one_engine, pytest.mark.timeout(TIME_LIMIT + 60)]


def blocks(page: Path, language: str) -> list[str]:
    found = BLOCK.findall(page.read_text("utf-8"))
    return [text for name, text in found if name == language]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_that_are_named_exist(page: Path) -> None:
    written = re.findall(r"`[^`\n]+`|^    .*$", page.read_text("utf-8"), re.MULTILINE)
    code = [*written, *(text for _name, text in BLOCK.findall(page.read_text("utf-8")))]
    for words in COMMAND.findall("\n".join(code)):
        assert is_command(words.split()), f"policyforum{words}"


def is_command(words: list[str]) -> bool:
    """Whether these words begin with a command; what follows it are its arguments."""
    command: click.Command = main
    for word in words:
        if not isinstance(command, click.Group):
            return True
        if word not in command.commands:
            return False
        command = command.commands[word]
    return True


def test_the_readmes_commands_begin_from_a_fresh_clone(tmp_path: Path) -> None:
    """Make says what it would do where only what is committed lies; `.ci/run` does it."""
    listed = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
    named = re.findall(r"^    make (\w+)", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert named == ["run", "test"]
    ends = {"run": "policyforum serve --host 127.0.0.1 --port 8000", "test": "-m pytest -n 2"}
    plain = {"PATH": os.environ["PATH"]}  # without what a make around this one was told
    for target in named:
        steps = subprocess.check_output(["make", "-n", target], cwd=tmp_path, env=plain, text=True)
        assert "-m venv .venv" in steps
        assert "tools/assets.py" in steps
        assert steps.rstrip().endswith(ends[target])


def test_every_setting_is_explained() -> None:
    read = set(re.findall(r'read\.\w+\(\s*"([A-Z_]+)"', (ROOT / "config.py").read_text("utf-8")))
    names = {f"POLICYFORUM_{name}" for name in read}
    names |= {f"POLICYFORUM_{name}" for name in ("DATABASE_URL", "SECRET_KEY", "AUDIT_KEY")}
    for page in (OPERATIONS, FOR_OPERATORS):
        explained = set(re.findall(r"^\| `(POLICYFORUM_\w+)`", page.read_text("utf-8"), re.M))
        assert explained == names, page.name


def test_settings_that_are_named_exist() -> None:
    source = (ROOT / "config.py").read_text("utf-8")
    for page in PAGES:
        for name in SETTING.findall(page.read_text("utf-8")):
            if not name.startswith("POLICYFORUM_TEST_"):
                assert f'"{name.removeprefix("POLICYFORUM_")}"' in source or name in source, name


def test_the_example_settings_are_accepted() -> None:
    (example,) = [block for block in blocks(OPERATIONS, "ini") if "POLICYFORUM_ENV" in block]
    settings = dict(line.split("=", 1) for line in example.splitlines())
    assert Config.from_environment(settings).is_https


def test_both_guides_for_operators_give_the_same_commands() -> None:
    for language in ("sh", "ini", "console"):
        assert blocks(FOR_OPERATORS, language) == blocks(OPERATIONS, language)


@pytest.mark.parametrize("name", ["panduan-perancang", "drafters-guide"])
def test_the_example_of_the_legal_form_is_recognised(name: str) -> None:
    (example,) = blocks(ROOT / f"docs/{name}.md", "markdown")
    outline = split(example)
    assert outline.warnings == ()
    labels = {(section.kind, section.label) for section in outline.sections}
    assert {
        ("bab", "BAB II"),
        ("bagian", "BAB II Bagian Kesatu"),
        ("pasal", "Pasal 2"),
        ("ayat", "Pasal 2 ayat (2)"),
        ("huruf", "Pasal 2 ayat (1) huruf b"),
        ("angka", "Mengingat angka 1"),
    } <= labels
    assert "ekor" in {section.kind for section in outline.sections}


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        "POLICYFORUM_ENV": "development",
        "POLICYFORUM_DATABASE_URL": database_url,
        "POLICYFORUM_DATA_DIR": str(tmp_path / "data"),
        "POLICYFORUM_SECRET_KEY": "only-for-tests-and-known-to-everyone",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }


@pytest.fixture
def server(settings: Mapping[str, str], tmp_path: Path) -> Iterator[SimpleNamespace]:
    if not shutil.which("curl"):
        pytest.skip("the examples need curl")
    with served(settings, tmp_path) as process:
        yield SimpleNamespace(url=process.url)


def run(page: Path, settings: Mapping[str, str], url: str, folder: Path) -> str:
    """Run the page's `sh` blocks one after another in one shell; → what they printed."""
    script = "\n".join(blocks(page, "sh")).replace(ADDRESS, url)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def test_the_operators_commands_run(
    settings: Mapping[str, str], server: SimpleNamespace, tmp_path: Path
) -> None:
    told = run(OPERATIONS, settings, server.url, tmp_path)
    assert "The database is up to date." in told
    assert "audit entries, all fit." in told
    assert "rows restored from policyforum-backup.zip" in told


def test_the_examples_of_the_api_run(
    app: Flask, settings: Mapping[str, str], server: SimpleNamespace, tmp_path: Path
) -> None:
    for email, role in (("rangga", "drafter"), ("euis", "staff"), ("ratna", "leader")):
        make_person(app, f"{email}@bandung.example", role)
    told = run(FOR_PROGRAMS, settings, server.url, tmp_path)
    assert "pukul 16.00" in told
    assert '"outcome":"approved"' in told
    assert '"visibility": ["' in told
    assert re.search(r"([\w-]{20})\n\1\n", told), "the same key made two policies"
