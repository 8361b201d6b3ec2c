"""The yardstick Y: the least a Flask application can do."""

from __future__ import annotations

from flask import Flask

application = Flask(__name__)


@application.get("/")
def hello() -> str:
    return "hello"
