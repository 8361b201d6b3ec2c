from __future__ import annotations

import pytest
from flask import Flask

from tests.commenting.town import Town


@pytest.fixture
def town(app: Flask) -> Town:
    return Town(app)
