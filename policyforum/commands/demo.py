"""The demo: a believable consultation to look around in."""

from __future__ import annotations

import click
from sqlalchemy import text

from config import Config
from policyforum.accounts.models import Account
from policyforum.commands.application import application
from policyforum.db.session import db, transaction
from policyforum.demo import loader
from policyforum.web.clock import now


@click.command()
@click.option("--reset", is_flag=True, help="Delete everything first; only where the demo is.")
@click.option("--if-empty", is_flag=True, help="Leave a database with other content as it is.")
def demo(reset: bool, if_empty: bool) -> None:
    """Load a believable consultation into an empty database, and print its logins."""
    with application() as app:
        config: Config = app.extensions["policyforum.config"]
        if config.environment == "production":
            raise click.ClickException("everybody knows the demo's password: not in production")
        if reset or not loader.is_loaded():
            try:
                with transaction():
                    if reset:
                        empty_database()
                    summary = loader.load(now())
            except loader.NotEmpty:
                if if_empty:
                    click.echo("The database holds other content: the demo was not loaded.")
                    return
                raise click.ClickException("the database is not empty") from None
            click.echo(
                f"The demo is loaded: {summary.policies} policies, {summary.revisions} revisions, "
                f"{summary.threads} threads, {summary.comments} comments."
            )
        show_logins(config.base_url)


def empty_database() -> None:
    """Delete every row, if it is the demo that would be lost."""
    if db.session.query(Account.id).first() is not None and not loader.is_loaded():
        raise click.ClickException("this database holds other content than the demo")
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text("PRAGMA defer_foreign_keys=ON"))
        for table in db.metadata.tables.values():
            db.session.execute(table.delete())
    else:
        names = ", ".join(db.metadata.tables)
        db.session.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))


def show_logins(base_url: str) -> None:
    click.echo(f"\nSign in at {base_url}/sign-in with one of these, password {loader.password()}\n")
    for login in loader.logins():
        click.echo(f"  {login.role:<15} {login.email:<42} {login.name}")
    click.echo()
