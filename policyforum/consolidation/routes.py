"""Every address of consolidation."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("consolidation", __name__)
