"""What is committed is text written for this project, and fits any machine."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GENERATED = ("package-lock.json", "requirements/", "translations/")
LARGEST_FILE = 512 * 1024  # bytes
LONGEST_LINE = 2000  # characters; what a bundler writes has lines longer than that
MACHINE_PATH = re.compile(r"(?<![\w.*~/}-])/(?:work|root|home|tmp|Users|opt)/\w")
EXTRAS = re.compile(
    r"(^|/)(node_modules|vendor|third_party|static/build|\.venv|var)/|\.mo$|\.min\."
)


@pytest.fixture(scope="module")
def committed() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "-z"], cwd=ROOT, capture_output=True, text=True
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_everything_is_readable_text(committed: list[str]) -> None:
    pictures = [name for name in committed if name.startswith("docs/") and name.endswith(".png")]
    for name in sorted(set(committed) - set(pictures)):
        content = (ROOT / name).read_bytes()
        assert b"\0" not in content, name
        content.decode("utf-8")


def test_nothing_is_vendored_or_built(committed: list[str]) -> None:
    assert [name for name in committed if EXTRAS.search(name)] == []
    for name in committed:
        file = ROOT / name
        assert file.stat().st_size <= LARGEST_FILE, name
        if not name.endswith(".png") and not name.startswith(GENERATED):
            longest = max(map(len, file.read_text("utf-8").splitlines()), default=0)
            assert longest <= LONGEST_LINE, name


def test_no_machine_is_named(committed: list[str]) -> None:
    for name in committed:
        if not name.endswith(".png") and ROOT / name != Path(__file__):
            found = MACHINE_PATH.search((ROOT / name).read_text("utf-8"))
            assert not found, f"{name}: {found and found.group(0)}"


def test_packages_begin_empty() -> None:
    written = [file for file in ROOT.glob("policyforum/**/__init__.py") if file.stat().st_size]
    assert written == []
