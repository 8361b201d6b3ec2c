"""In which language a page speaks: the visitor's choice, else the city's.

A program may ask for one with each call; else it is answered as the person it acts for chose.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, get_locale
from werkzeug.datastructures import LanguageAccept

from config import LOCALES, Config
from policyforum import paths
from policyforum.web.access import is_for_programs

KEY = "locale"


def speak(app: Flask, config: Config) -> None:
    """Set up translations; templates get `locale` and `other_locale`."""

    def choose() -> str:
        if not has_request_context():
            return config.default_locale  # a command, or mail
        own: str | None = getattr(g.get("actor"), "locale", None)
        if is_for_programs():
            return locale_for_program(request.accept_languages, own, config)
        return locale_of(session, own, config)

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


def locale_of(session: Mapping[str, Any], own: str | None, config: Config) -> str:
    """The language of a browser with this session, and of a person who chose `own`, if any."""
    chosen = session.get(KEY) or own
    return str(chosen) if chosen in LOCALES else config.default_locale


def locale_for_program(accepted: LanguageAccept, own: str | None, config: Config) -> str:
    """The language a program asked for with its call, else that of the person it acts for."""
    return accepted.best_match(LOCALES) or locale_of({}, own, config)


def choose_language(locale: str) -> None:
    """Remember the visitor's choice in their session."""
    if locale in LOCALES:
        session[KEY] = locale
