"""People, and the keys of their programs."""

from __future__ import annotations

import sys

import click

from policyforum.accounts.models import Account
from policyforum.accounts.passwords import LONGEST
from policyforum.accounts.queries import account_by_email
from policyforum.accounts.services import create_token
from policyforum.commands.application import application
from policyforum.db.session import transaction
from policyforum.organisation.actor import PROGRAM
from policyforum.organisation.models import ROLES
from policyforum.organisation.people import GrantData, PersonData, add_person
from policyforum.organisation.queries import unit_by_code
from policyforum.web.clock import now


@click.group()
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


@click.group()
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


def active_account(email: str) -> Account:
    account = account_by_email(email)
    if account is None or not account.is_active:
        raise click.ClickException(f"nobody signs in with {email}")
    return account
