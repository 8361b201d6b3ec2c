"""A drafter with a published revision, for tests of rounds and settings."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.drafting.conftest import desk_of
from tests.drafting.desk import Desk


@pytest.fixture
def desk(app: Flask) -> Desk:
    return desk_of(app, "ratna@kota.example", "Ratna")


@pytest.fixture
def published(desk: Desk) -> str:
    """The slug of a policy with one revision and no round."""
    slug = desk.start()
    desk.publish(slug)
    return slug
