from __future__ import annotations

import pytest
from flask import Flask

from tests.consolidation.hall import Hall


@pytest.fixture
def hall(app: Flask) -> Hall:
    return Hall(app)
