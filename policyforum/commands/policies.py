"""Policies that come in as files."""

from __future__ import annotations

from pathlib import Path

import click

from policyforum.commands.application import application
from policyforum.commands.people import active_account
from policyforum.db.session import transaction
from policyforum.drafting.incoming import from_bytes
from policyforum.drafting.services import start_policy
from policyforum.organisation.acting import actor_for
from policyforum.organisation.actor import PROGRAM, Actor, Grant
from policyforum.policies.models import KINDS, VISIBILITIES
from policyforum.policies.services import PolicyData
from policyforum.web.clock import now


@click.group()
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
