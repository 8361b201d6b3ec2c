"""Styles and scripts under content-hashed names, cached for ever."""

from __future__ import annotations

import json

from flask import Flask, url_for
from werkzeug.wrappers import Response

from policyforum import paths
from policyforum.web.access import everyone

FOREVER = 365 * 24 * 3600


def serve(app: Flask) -> None:
    """Templates get `asset(name)`: the address of a built file."""
    app.view_functions["static"] = everyone(app.view_functions["static"])
    manifest: dict[str, str] = {}

    def asset(name: str) -> str:
        if not manifest:
            manifest.update(json.loads((paths.STATIC / "build" / "manifest.json").read_text()))
        return url_for("static", filename=manifest[name])

    app.jinja_env.globals["asset"] = asset
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = FOREVER

    @app.after_request
    def immutable(response: Response) -> Response:
        if response.cache_control.max_age == FOREVER:
            response.cache_control.immutable = True
            response.cache_control.public = True
        return response
