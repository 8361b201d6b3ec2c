"""The wheel carries everything the application needs, and nothing of the workshop."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel_contents(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    offline = ["--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", *offline, f"--wheel-dir={folder}"]
    subprocess.run([*command, str(ROOT)], check=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize(
    "name",
    [
        "config.py",
        "policyforum/app.py",
        "policyforum/_bundle/templates/layout/base.html",
        "policyforum/_bundle/static/build/manifest.json",
        "policyforum/_bundle/static/build/licences.txt",
        "policyforum/_bundle/migrations/env.py",
        "policyforum/_bundle/translations/id/LC_MESSAGES/messages.mo",
    ],
)
def test_the_application_is_whole(wheel_contents: set[str], name: str) -> None:
    assert name in wheel_contents


def test_nothing_else_is_installed(wheel_contents: set[str]) -> None:
    tops = {name.split("/")[0] for name in wheel_contents}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"config.py", "policyforum"}
    assert not [name for name in wheel_contents if "__pycache__" in name]
