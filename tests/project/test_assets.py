"""The built assets are complete, and fetch nothing from elsewhere."""

import json
import re
from pathlib import Path

import pytest

BUILD = Path(__file__).resolve().parents[2] / "static" / "build"
ELSEWHERE = re.compile(r"""(?:url\(|@import|\bimport\b|\bfrom\b)\s*["']?(?:https?:)?//""")


@pytest.fixture(scope="module")
def manifest() -> dict[str, str]:
    return dict(json.loads((BUILD / "manifest.json").read_text("utf-8")))


def test_every_name_carries_its_hash_and_exists(manifest: dict[str, str]) -> None:
    assert {"app.css", "app.js"} <= set(manifest)
    for plain, hashed in manifest.items():
        stem, dot, suffix = plain.rpartition(".")
        assert re.fullmatch(rf"{re.escape(stem)}-[A-Z0-9]{{8}}{re.escape(dot + suffix)}", hashed)
        assert (BUILD / hashed).is_file()


def test_styles_and_scripts_load_nothing_from_elsewhere(manifest: dict[str, str]) -> None:
    for hashed in manifest.values():
        if hashed.endswith((".css", ".js")):
            assert not ELSEWHERE.search((BUILD / hashed).read_text("utf-8")), hashed
