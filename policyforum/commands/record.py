"""The audit record: signing its heads, checking it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

import click

from policyforum.audit.chain import Mark
from policyforum.audit.heads import is_ours, make_head, name_of, origin, origins, signed_with
from policyforum.audit.notes import SignedHead, notes_in
from policyforum.audit.verifying import verify_record
from policyforum.commands.application import application
from policyforum.db.session import transaction
from policyforum.web.clock import now


@click.group()
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
    """What the heads in a file say about this record.

    One that no key known here has signed is compared as well: who rewrites the record may have
    taken the key it was signed with out of it.
    """
    ours = origins()
    found = [signed for signed in notes_in(heads.read()) if signed.head.origin in ours]
    if not found:
        raise click.ClickException(f"{heads.name}: no head of the record of {origin()} in it")
    return [
        Mark(signed.head.size, signed.head.root, f"{_described(signed)} in {heads.name}")
        for signed in found
    ]


def _described(signed: SignedHead) -> str:
    if is_ours(signed):
        return name_of(signed)
    return f"{name_of(signed)} (not signed with a key of this record)"


def show_verdict(held: Sequence[Mark] = ()) -> None:
    verdict = verify_record(held)
    if verdict.broken_seq is not None:
        raise click.ClickException(f"audit entry {verdict.broken_seq} {verdict.problem}")
    compared = f" {verdict.heads} heads compared." if verdict.heads else ""
    click.echo(f"{verdict.count} audit entries, all fit.{compared}")
