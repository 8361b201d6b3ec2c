"""What runs until it is told to stop: the server, and the worker that sends mail."""

from __future__ import annotations

import os
import threading

import click

from config import Config
from policyforum import server
from policyforum.commands.application import application
from policyforum.db.session import db
from policyforum.notifications import worker as mail_worker


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--workers", type=click.IntRange(1, 64), help="Processes; by default one a CPU, up to eight."
)
@click.option("--no-mail", is_flag=True, help="Send no mail: `policyforum worker` does it.")
def serve(host: str, port: int, workers: int | None, no_mail: bool) -> None:
    """Serve until told to stop. The database must be migrated."""
    with application() as app:
        config: Config = app.extensions["policyforum.config"]
        # The workers open connections of their own.
        db.session.remove()
        db.engine.dispose()
    server.serve(config, host, port, workers or min(os.cpu_count() or 1, 8), with_mail=not no_mail)


@click.command()
def worker() -> None:
    """Send the mails that wait in the outbox, until told to stop."""
    with application() as app:
        try:
            mail_worker.run(app, threading.Event())
        except KeyboardInterrupt:
            click.echo("Stopped.", err=True)
