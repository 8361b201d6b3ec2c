"""Files to take along."""

from __future__ import annotations

import json
from collections.abc import Callable

from flask.typing import ResponseReturnValue

from policyforum.consolidation.matrix import matrix_rows
from policyforum.exports.matrix import to_csv, to_json
from policyforum.organisation.current import current_actor
from policyforum.policies.asked import number_asked
from policyforum.policies.kept import policy_page
from policyforum.policies.models import Policy, Revision
from policyforum.policies.queries import current_revision, policy_by_slug, revision_by_number
from policyforum.web.access import everyone
from policyforum.web.handout import Headers


@everyone
def feedback_csv(slug: str) -> ResponseReturnValue:
    """The response matrix of a revision for spreadsheets."""
    number = number_asked()
    name = slug if number is None else f"{slug}-{number}"
    headers = (
        ("Content-Type", "text/csv; charset=utf-8"),
        ("Content-Disposition", f'attachment; filename="{name}.csv"'),
    )
    return _file(slug, number, headers, lambda _policy, asked: to_csv(matrix_rows(asked)))


@everyone
def feedback_json(slug: str) -> ResponseReturnValue:
    """The response matrix of a revision for programs."""

    def make(policy: Policy, asked: Revision) -> str:
        return json.dumps(to_json(policy, asked, matrix_rows(asked)), ensure_ascii=False)

    return _file(slug, number_asked(), (("Content-Type", "application/json"),), make)


def _file(
    slug: str, number: int | None, headers: Headers, make: Callable[[Policy, Revision], str]
) -> ResponseReturnValue:
    """What `make` makes of the revision with this number, else of the current one."""

    def made() -> str:
        policy = policy_by_slug(slug, current_actor())
        if number is None:
            return make(policy, current_revision(policy))
        return make(policy, revision_by_number(policy, number))

    return policy_page(slug, made, narrowed={"revision": number}, headers=headers)
