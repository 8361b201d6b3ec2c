"""Drafters at work."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.drafting.desk import Desk
from tests.people import make_person


@pytest.fixture
def desk(app: Flask) -> Desk:
    """Ratna's desk; pages answer in English, so that tests read what the code says."""
    return desk_of(app, "ratna@kota.example", "Ratna")


@pytest.fixture
def other_desk(app: Flask) -> Desk:
    return desk_of(app, "bayu@kota.example", "Bayu")


def desk_of(app: Flask, email: str, name: str) -> Desk:
    make_person(app, email, "drafter", name=name)
    desk = Desk(app, email)
    desk.post("/language", {"locale": "en"}, page="/policies/new")
    return desk
