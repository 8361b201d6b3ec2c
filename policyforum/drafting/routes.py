"""Every address of drafting."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("drafting", __name__)
