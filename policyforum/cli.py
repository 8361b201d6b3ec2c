"""The command `policyforum`: everything an operator does, through the same services as the pages.

Exit status: 0 done, 1 refused (one line on stderr says why), 2 wrong usage.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
import flask_migrate
from apiflask import APIFlask
from flask_babel import force_locale
from sqlalchemy.exc import SQLAlchemyError

from config import Config, ConfigError
from policyforum.app import create_app
from policyforum.web.health import is_migrated
from policyforum.web.problems import Problem


class Commands(click.Group):
    """Turns every refusal into one line and status 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (ConfigError, RuntimeError) as error:
            raise click.ClickException(str(error)) from None
        except Problem as problem:
            raise click.ClickException(problem.detail) from None
        except SQLAlchemyError as error:
            reason = str(getattr(error, "orig", None) or error)
            raise click.ClickException(f"database: {reason.splitlines()[0]}") from None


@contextmanager
def application() -> Iterator[APIFlask]:
    """The application with the settings of the environment; its words are English here."""
    app = create_app(Config.from_environment())
    with app.app_context(), force_locale("en"):
        yield app


@click.group(cls=Commands)
def main() -> None:
    """Publish a policy, hear the people it is for, answer every one, revise it in the open."""


@main.group()
def db() -> None:
    """The database's tables."""


@db.command()
def upgrade() -> None:
    """Bring the database to this program's newest schema."""
    with application():
        flask_migrate.upgrade()
    click.echo("The database is up to date.")


@db.command()
def check() -> None:
    """Say whether the database is at this program's newest schema."""
    with application():
        if not is_migrated():
            raise click.ClickException("the database is not migrated: run `policyforum db upgrade`")
    click.echo("The database is up to date.")
