"""The command `policyforum`: everything an operator does, through the same services as the pages.

Exit status: 0 done, 1 refused (one line on stderr says why), 2 wrong usage.
"""

from __future__ import annotations

from typing import Any

import click
from sqlalchemy.exc import SQLAlchemyError

from config import ConfigError
from policyforum.commands import database, demo, people, policies, record, serving
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


@click.group(cls=Commands)
def main() -> None:
    """Publish a policy, hear the people it is for, answer every one, revise it in the open."""


for command in (
    serving.serve,
    serving.worker,
    database.db,
    database.backup,
    database.restore,
    demo.demo,
    people.user,
    people.token,
    policies.policy,
    record.audit,
):
    main.add_command(command)
