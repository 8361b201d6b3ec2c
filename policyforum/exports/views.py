"""Files to take along."""

from __future__ import annotations

import json

from flask import Response, request
from flask.typing import ResponseReturnValue

from policyforum.consolidation.matrix import matrix_rows
from policyforum.exports.matrix import to_csv, to_json
from policyforum.organisation.current import current_actor
from policyforum.policies.models import Policy, Revision
from policyforum.policies.queries import policy_by_slug, revision_by_number
from policyforum.web.access import everyone
from policyforum.web.problems import NotFound


@everyone
def feedback_csv(slug: str) -> ResponseReturnValue:
    """The response matrix of a revision for spreadsheets."""
    policy, revision = _asked(slug)
    name = f"{policy.slug}-{revision.number}.csv"
    return Response(
        to_csv(matrix_rows(revision)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@everyone
def feedback_json(slug: str) -> ResponseReturnValue:
    """The response matrix of a revision for programs."""
    policy, revision = _asked(slug)
    body = json.dumps(to_json(policy, revision, matrix_rows(revision)), ensure_ascii=False)
    return Response(body, content_type="application/json")


def _asked(slug: str) -> tuple[Policy, Revision]:
    """The revision named in the address; else the current one."""
    policy = policy_by_slug(slug, current_actor())
    number = request.args.get("revision", "")
    if number.isdecimal() and len(number) < 9:
        return policy, revision_by_number(policy, int(number))
    if number or policy.current_revision is None:
        raise NotFound
    return policy, policy.current_revision
