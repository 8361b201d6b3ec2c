"""The application as commands see it: with the settings of the environment, in English."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from apiflask import APIFlask
from flask_babel import force_locale

from config import Config
from policyforum.app import create_app
from policyforum.web.health import is_migrated, is_of_newer_program


@contextmanager
def application(*, migrated: bool = True) -> Iterator[APIFlask]:
    """The application with the settings of the environment; its words are English here."""
    app = create_app(Config.from_environment())
    with app.app_context(), force_locale("en"):
        if is_of_newer_program():
            raise click.ClickException(
                "the database was made by a newer version of this program: install that version, "
                "or restore a backup into an empty database"
            )
        if migrated:
            require_migrated()
        yield app


def require_migrated() -> None:
    if not is_migrated():
        raise click.ClickException("the database is not migrated: run `policyforum db upgrade`")
