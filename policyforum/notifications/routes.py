"""Every address of notifications."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("notifications", __name__)
