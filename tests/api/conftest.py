from __future__ import annotations

import pytest
from flask import Flask

from tests.api.program import City


@pytest.fixture
def city(app: Flask) -> City:
    return City(app)
