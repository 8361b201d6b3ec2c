"""The command `policyforum`: everything an operator does, through the same services as the pages.

Exit status: 0 done, 1 refused (one line on stderr says why), 2 wrong usage.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import click
import flask_migrate
from apiflask import APIFlask
from flask_babel import force_locale
from sqlalchemy.exc import SQLAlchemyError

from config import Config, ConfigError
from policyforum import server
from policyforum.accounts.models import Account
from policyforum.accounts.passwords import LONGEST
from policyforum.accounts.queries import account_by_email
from policyforum.accounts.services import create_token
from policyforum.app import create_app
from policyforum.audit.chain import Mark
from policyforum.audit.heads import is_ours, make_head, name_of, origin, origins, signed_with
from policyforum.audit.notes import notes_in
from policyforum.audit.verifying import verify_record
from policyforum.backup import restore_backup, write_backup
from policyforum.db.session import db as database
from policyforum.db.session import transaction
from policyforum.demo import loader
from policyforum.drafting.incoming import from_bytes
from policyforum.drafting.services import start_policy
from policyforum.notifications import worker as mail_worker
from policyforum.organisation.acting import actor_for
from policyforum.organisation.actor import PROGRAM, Actor, Grant
from policyforum.organisation.models import ROLES
from policyforum.organisation.people import GrantData, PersonData, add_person
from policyforum.organisation.queries import unit_by_code
from policyforum.policies.models import KINDS, VISIBILITIES
from policyforum.policies.services import PolicyData
from policyforum.web.clock import now
from policyforum.web.health import is_migrated, is_of_newer_program
from policyforum.web.problems import Invalid, Problem


class Commands(click.Group):
    """Turns every refusal into one line and status 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.Abort):
            raise
        except Invalid as problem:
            reasons = [f"{field}: {words[0]}" for field, words in problem.errors.items()]
            raise click.ClickException("; ".join(reasons)) from None
        except Problem as problem:
            raise click.ClickException(problem.detail) from None
        except SQLAlchemyError as error:
            reason = str(getattr(error, "orig", None) or error)
            raise click.ClickException(f"database: {reason.splitlines()[0]}") from None
        except (ConfigError, RuntimeError) as error:
            raise click.ClickException(str(error)) from None


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


@click.group(cls=Commands)
def main() -> None:
    """Publish a policy, hear the people it is for, answer every one, revise it in the open."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", type=click.IntRange(1, 64), help="Processes; by default one a CPU.")
@click.option("--no-mail", is_flag=True, help="Send no mail: `policyforum worker` does it.")
def serve(host: str, port: int, workers: int | None, no_mail: bool) -> None:
    """Serve until told to stop. The database must be migrated."""
    with application() as app:
        config: Config = app.extensions["policyforum.config"]
        # The workers open connections of their own.
        database.session.remove()
        database.engine.dispose()
    server.serve(config, host, port, workers or min(os.cpu_count() or 1, 8), with_mail=not no_mail)


@main.command()
def worker() -> None:
    """Send the mails that wait in the outbox, until told to stop."""
    with application() as app:
        try:
            mail_worker.run(app, threading.Event())
        except KeyboardInterrupt:
            click.echo("Stopped.", err=True)


@main.group()
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


@main.command()
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
    if database.session.query(Account.id).first() is not None and not loader.is_loaded():
        raise click.ClickException("this database holds other content than the demo")
    if database.engine.dialect.name == "sqlite":
        database.session.execute(database.text("PRAGMA defer_foreign_keys=ON"))
        for table in database.metadata.tables.values():
            database.session.execute(table.delete())
    else:
        names = ", ".join(database.metadata.tables)
        database.session.execute(database.text(f"TRUNCATE {names} RESTART IDENTITY"))


def show_logins(base_url: str) -> None:
    click.echo(f"\nSign in at {base_url}/sign-in with one of these, password {loader.password()}\n")
    for login in loader.logins():
        click.echo(f"  {login.role:<15} {login.email:<42} {login.name}")
    click.echo()


@main.group()
def user() -> None:
    """People."""


@user.command("add")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--unit", metavar="CODE", help="Limits the role to this unit and what is under it.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add_user(email: str, name: str, role: str, unit: str | None, password_stdin: bool) -> None:
    """Bring in a person. Without --password-stdin a temporary password is printed."""
    with application():
        password = sys.stdin.readline(LONGEST + 2).rstrip("\r\n") if password_stdin else None
        with transaction():
            body = unit_by_code(unit) if unit else None
            if unit and body is None:
                raise click.ClickException(f"there is no unit with the code {unit}")
            data = PersonData(email, name, GrantData(role, body), body, password=password)
            _account, made = add_person(PROGRAM, data, now())
    if made:
        click.echo(made)


@main.group()
def token() -> None:
    """Keys for programs."""


@token.command("create")
@click.argument("email")
@click.option("--name", default="command line", show_default=True, help="What it is for.")
def new_token(email: str, name: str) -> None:
    """Print a new API token of a person, and nothing else."""
    with application(), transaction():
        secret = create_token(active_account(email), name, now())
    click.echo(secret)


@main.group()
def policy() -> None:
    """Policies."""


@policy.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--title", required=True)
@click.option("--owner", metavar="EMAIL", help="The drafter whose policy it is.")
@click.option("--kind", type=click.Choice(KINDS), default="generic", show_default=True)
@click.option("--visibility", type=click.Choice(VISIBILITIES), default="public", show_default=True)
def import_policy(file: Path, title: str, owner: str | None, kind: str, visibility: str) -> None:
    """Make a Markdown file a policy with a working draft; print its slug."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from None
    with application():
        source = from_bytes(content)
        with transaction():
            owned = start_policy(
                drafter(owner), PolicyData(title, kind, visibility), source, now(), cause="imported"
            )
            slug = owned.slug
    click.echo(slug)


def drafter(email: str | None) -> Actor:
    """The person with this address; the program itself when none is named."""
    if email is None:
        return Actor(name=PROGRAM.name, grants=frozenset({Grant("drafter")}))
    return actor_for(active_account(email), now())


def active_account(email: str) -> Account:
    account = account_by_email(email)
    if account is None or not account.is_active:
        raise click.ClickException(f"nobody signs in with {email}")
    return account


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write everything to FILE, while people work. It holds personal data: keep it safe."""
    with application():
        rows = write_backup(file, now())
    click.echo(f"{rows} rows written to {file}.")


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace what the database holds.")
def restore(file: Path, force: bool) -> None:
    """Put a backup into the database, which may be one of the other engine."""
    with application(migrated=False):
        rows = restore_backup(file, force=force)
        show_verdict()
    click.echo(f"{rows} rows restored from {file}.")


@main.group()
def audit() -> None:
    """The record of what happened."""


@audit.command()
def head() -> None:
    """Sign a head of the record as it is now, and print it: to be kept where we can't change it."""
    with application():
        with transaction():
            made = make_head(now())
            note = made.note if made else None
        if note is None:
            raise click.ClickException("the record is empty, or has a gap: run audit verify")
        click.echo(note, nl=False)
        click.echo(f"public key: {signed_with()}", err=True)


@audit.command()
@click.option(
    "--heads",
    type=click.File(encoding="utf-8"),
    help="Also compare with the heads in this file: mails, or what `audit head` printed.",
)
def verify(heads: TextIO | None) -> None:
    """Check the record; names the first entry that does not fit."""
    with application():
        show_verdict(marks_in(heads) if heads else ())


def marks_in(heads: TextIO) -> list[Mark]:
    """What the heads in a file say about this record; those we did not sign say nothing."""
    ours = origins()
    found = []
    for signed in notes_in(heads.read()):
        if signed.head.origin not in ours:
            continue
        if is_ours(signed):
            found.append(signed)
        else:
            said = f"{name_of(signed)} is not signed with a key of this record: left aside"
            click.echo(f"{heads.name}: {said}", err=True)
    if not found:
        raise click.ClickException(f"{heads.name}: no head of the record of {origin()} in it")
    return [Mark(s.head.size, s.head.root, f"{name_of(s)} in {heads.name}") for s in found]


def show_verdict(held: Sequence[Mark] = ()) -> None:
    verdict = verify_record(held)
    if verdict.broken_seq is not None:
        raise click.ClickException(f"audit entry {verdict.broken_seq} {verdict.problem}")
    compared = f" {verdict.heads} heads compared." if verdict.heads else ""
    click.echo(f"{verdict.count} audit entries, all fit.{compared}")
