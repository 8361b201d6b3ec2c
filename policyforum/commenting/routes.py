"""Every address of commenting."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("commenting", __name__)
