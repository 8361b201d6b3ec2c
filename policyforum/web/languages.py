"""In which language a page speaks: the visitor's choice, else the city's.

A program may ask for one with each call; else it is answered as the person it acts for chose.
"""

from __future__ import annotations

from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, get_locale

from config import LOCALES, Config
from policyforum import paths

KEY = "locale"


def speak(app: Flask, config: Config) -> None:
    """Set up translations; templates get `locale` and `other_locale`."""

    def choose() -> str:
        if not has_request_context():
            return config.default_locale  # a command, or mail
        if request.path.startswith("/api/"):
            asked = request.accept_languages.best_match(LOCALES)
            if asked is not None:
                return asked
        chosen = session.get(KEY) or getattr(g.get("actor"), "locale", None)
        return str(chosen) if chosen in LOCALES else config.default_locale

    Babel(
        app,
        default_locale=config.default_locale,
        default_timezone=config.timezone,
        default_translation_directories=str(paths.TRANSLATIONS),
        locale_selector=choose,
    )

    @app.context_processor
    def locales() -> dict[str, str]:
        current = str(get_locale())
        return {"locale": current, "other_locale": "en" if current == "id" else "id"}


def choose_language(locale: str) -> None:
    """Remember the visitor's choice in their session."""
    if locale in LOCALES:
        session[KEY] = locale
