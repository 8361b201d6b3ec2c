"""Every call of the API, version 1."""

from __future__ import annotations

from apiflask import APIBlueprint

blueprint = APIBlueprint("api", __name__, url_prefix="/api/v1")
