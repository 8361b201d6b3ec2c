"""What is installed is pinned, hashed, and tied to no particular registry."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
INPUTS = sorted((ROOT / "requirements").glob("*.in"))
SETTINGS = [ROOT / name for name in (".npmrc", "package.json", "pyproject.toml", "Makefile")]
REGISTRY_OPTIONS = re.compile(
    r"--index-url|--extra-index|--find-links|--trusted-host|^\s*@?[\w:-]*registry\s*=", re.MULTILINE
)


def test_there_are_locks() -> None:
    assert {lock.stem for lock in LOCKS} == {"main", "scale", "dev", "assets", "uv"}
    assert {file.stem for file in INPUTS} == {lock.stem for lock in LOCKS}


@pytest.mark.parametrize("file", LOCKS + INPUTS, ids=lambda file: file.name)
def test_python_requirements_name_no_address(file: Path) -> None:
    text = file.read_text("utf-8")
    assert "://" not in text
    assert not REGISTRY_OPTIONS.search(text)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_python_package_is_pinned_and_hashed(lock: Path) -> None:
    requirements = re.findall(r"^[^\s#-].*(?:\n[ ]+.*)*", lock.read_text("utf-8"), re.MULTILINE)
    assert requirements
    for requirement in requirements:
        assert re.match(r"[a-z0-9.\-\[\]]+==\S+", requirement), requirement
        assert "--hash=sha256:" in requirement, requirement


@pytest.mark.parametrize("file", SETTINGS, ids=lambda file: file.name)
def test_settings_choose_no_registry(file: Path) -> None:
    assert not REGISTRY_OPTIONS.search(file.read_text("utf-8"))


def test_npm_packages_are_hashed_without_an_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    for name, entry in packages.items():
        assert "resolved" not in entry, name
        assert entry["integrity"].startswith("sha512-"), name
        assert not [text for text in strings({**entry, "funding": None}) if "://" in text], name


def strings(value: object) -> Iterator[str]:
    """Every string anywhere in a JSON value, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from strings(key)
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
