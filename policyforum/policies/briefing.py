"""Reading a policy in brief: queries put together once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, bindparam, select

from policyforum.audit.queries import newest_about, newest_change_of_bodies
from policyforum.db.asking import Question
from policyforum.db.base import LARGEST_NUMBER, table_of
from policyforum.organisation.actor import Actor
from policyforum.organisation.models import Agency, Unit
from policyforum.policies.brief import PolicyBrief, RevisionBrief, RoundBrief
from policyforum.policies.models import Policy, Revision, Round
from policyforum.policies.permissions import may_see
from policyforum.web.problems import NotFound


def brief_at(slug: str, actor: Actor) -> PolicyBrief:
    """The policy in brief; `NotFound` if not for this actor. One query."""
    brief, _rest = read_brief(_BY_SLUG, {"slug": slug}, actor)
    return brief


def brief_as_it_is(policy_id: int) -> PolicyBrief:
    """The policy in brief, for those who hold it already."""
    (row,) = _BY_ID.rows({"policy_id": policy_id})
    return _brief_of(row)


def revision_brief(policy: PolicyBrief, number: int) -> RevisionBrief:
    """The policy's nth revision; `NotFound` if there is none."""
    current = policy.current_revision
    if current is not None and current.number == number:
        return current
    found = None
    if 0 < number <= LARGEST_NUMBER:
        given = {"policy_id": policy.id, "number": number}
        found = _EARLIER.row(given)
    if found is None:
        raise NotFound
    return RevisionBrief(found[0], number)


def read_brief(
    question: Question, given: dict[str, Any], actor: Actor
) -> tuple[PolicyBrief, tuple[Any, ...]]:
    """Ask a `brief_question`: the brief, and what it asked for beyond it."""
    row = None
    if not any(isinstance(value, str) and "\x00" in value for value in given.values()):
        row = question.row(given)
    if row is None:
        raise NotFound
    brief = _brief_of(row)
    if not may_see(actor, brief):
        raise NotFound
    return brief, tuple(row[_COLUMNS:])


def brief_question(
    *more: ColumnElement[Any],
    among: FromClause | None = None,
    which: ColumnElement[bool] | None = None,
) -> Question:
    """For `read_brief`: a policy, and `more` beside it.

    `which`: one of the policies `among` these; by default that whose slug is the parameter `slug`.
    """
    policy, current, running, unit = _POLICY, _REVISION, _ROUND, _UNIT
    return Question(
        select(
            policy.c.id,
            policy.c.public_id,
            policy.c.slug,
            policy.c.title,
            newest_about(policy.c.public_id),
            newest_change_of_bodies(),
            Agency.name,
            policy.c.visibility,
            unit.c.path,
            unit.c.name,
            policy.c.withdrawn_at,
            policy.c.decision_outcome,
            current.c.id,
            current.c.number,
            running.c.id,
            running.c.audience,
            running.c.opens_at,
            running.c.closes_at,
            running.c.concluded_at,
            *more,
        )
        .select_from(_POLICY if among is None else among)
        .join(Agency, Agency.id == policy.c.agency_id)
        .outerjoin(unit, unit.c.id == policy.c.unit_id)
        .outerjoin(current, current.c.id == policy.c.current_revision_id)
        .outerjoin(running, running.c.id == policy.c.current_round_id)
        .where(policy.c.slug == bindparam("slug") if which is None else which)
    )


def _brief_of(row: Sequence[Any]) -> PolicyBrief:
    policy_id, public_id, slug, title, of_policy, of_bodies = row[:6]
    agency, visibility, path, unit, withdrawn_at, outcome = row[6:12]
    revision_id, number, *running = row[12:_COLUMNS]
    return PolicyBrief(
        policy_id,
        public_id,
        slug,
        title,
        (of_policy, of_bodies),
        agency,
        visibility,
        path,
        unit or "",
        withdrawn_at,
        outcome,
        RevisionBrief(revision_id, number) if revision_id else None,
        RoundBrief(*running) if running[0] else None,
    )


_COLUMNS = 19
_POLICY, _UNIT = table_of(Policy), table_of(Unit)
_REVISION = table_of(Revision).alias("current_revision")
_ROUND = table_of(Round).alias("current_round")
_BY_SLUG = brief_question()
_BY_ID = brief_question(which=_POLICY.c.id == bindparam("policy_id"))
_EARLIER = Question(
    select(table_of(Revision).c.id).where(
        table_of(Revision).c.policy_id == bindparam("policy_id"),
        table_of(Revision).c.number == bindparam("number"),
    )
)
