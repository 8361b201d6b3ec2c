"""Styles, scripts and fonts under content-hashed names, compressed once, cached for ever."""

from __future__ import annotations

import json
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

from policyforum import paths
from policyforum.web.headers import FIXED

PREFIX = "/static/"
HASHED = r"^.+-[A-Z0-9]{8}\.[a-z0-9]+$"


def serve(app: Flask) -> None:
    """Serve the built files before the application is asked; templates get `asset(name)`."""
    folder = paths.STATIC / "build"
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(folder),
        prefix=PREFIX,
        immutable_file_test=HASHED,
        add_headers_function=_add_headers,
    )
    manifest: dict[str, str] = {}

    def asset(name: str) -> str:
        if not manifest:
            manifest.update(json.loads((folder / "manifest.json").read_text("utf-8")))
        return PREFIX + manifest[name]

    app.jinja_env.globals["asset"] = asset


def _add_headers(headers: Headers, _path: str, _url: str) -> None:
    for name, value in FIXED.items():
        headers[name] = value
