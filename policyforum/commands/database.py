"""The database: its tables, and backups of all it holds."""

from __future__ import annotations

from pathlib import Path

import click
import flask_migrate

from policyforum.backup import restore_backup, write_backup
from policyforum.commands.application import application
from policyforum.commands.record import show_verdict
from policyforum.web.clock import now


@click.group()
def db() -> None:
    """The database's tables."""


@db.command()
def upgrade() -> None:
    """Bring the database to this program's newest schema."""
    with application(migrated=False):
        flask_migrate.upgrade()
    click.echo("The database is up to date.")


@db.command()
def check() -> None:
    """Say whether the database is at this program's newest schema."""
    with application():
        click.echo("The database is up to date.")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write everything to FILE, while people work. It holds personal data: keep it safe."""
    with application():
        rows = write_backup(file, now())
    click.echo(f"{rows} rows written to {file}.")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace what the database holds.")
def restore(file: Path, force: bool) -> None:
    """Put a backup into the database, which may be one of the other engine."""
    with application(migrated=False):
        rows = restore_backup(file, force=force)
        show_verdict()
    click.echo(f"{rows} rows restored from {file}.")
