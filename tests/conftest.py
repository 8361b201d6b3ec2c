"""Fixtures every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEST_DATA = Path(os.environ.get("POLICYFORUM_TEST_DATA") or ROOT.parent / "shared" / "data")


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of real policies and comments, which is not part of the repository."""
    if not TEST_DATA.is_dir():
        pytest.skip(f"no test data at {TEST_DATA} (set POLICYFORUM_TEST_DATA)")
    return TEST_DATA
