"""Files to take along."""

from __future__ import annotations

import json
from collections.abc import Callable

from flask import request
from flask.typing import ResponseReturnValue

from policyforum.consolidation.matrix import matrix_rows
from policyforum.exports.matrix import to_csv, to_json
from policyforum.organisation.current import current_actor
from policyforum.policies.kept import policy_page
from policyforum.policies.models import Policy, Revision
from policyforum.policies.queries import policy_by_slug, revision_by_number
from policyforum.web.access import everyone
from policyforum.web.handout import Headers
from policyforum.web.problems import NotFound


@everyone
def feedback_csv(slug: str) -> ResponseReturnValue:
    """The response matrix of a revision for spreadsheets."""
    number = _number_asked()
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

    return _file(slug, _number_asked(), (("Content-Type", "application/json"),), make)


def _number_asked() -> int | None:
    """The revision the address names, if it names one."""
    number = request.args.get("revision", "")
    if not number:
        return None
    if not number.isdecimal() or len(number) >= 9:
        raise NotFound
    return int(number)


def _file(
    slug: str, number: int | None, headers: Headers, make: Callable[[Policy, Revision], str]
) -> ResponseReturnValue:
    """What `make` makes of the revision with this number, else of the current one."""

    def made() -> str:
        policy = policy_by_slug(slug, current_actor())
        revision = policy.current_revision
        if number is not None:
            revision = revision_by_number(policy, number)
        if revision is None:
            raise NotFound
        return make(policy, revision)

    return policy_page(slug, made, narrowed={"revision": number}, headers=headers)
