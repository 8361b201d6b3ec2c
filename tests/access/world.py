"""A small city to knock at every door of: two units, one policy of each visibility, everybody.

All of it belongs to the unit OWN. Each visitor holds one role, limited to OWN or to OTHER; one
administrator has the whole city. The commenter is the staff member of OWN: what is somebody's own
is theirs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from policyforum.accounts.models import Account, ApiToken, LoginSession
from policyforum.accounts.queries import account_by_email
from policyforum.accounts.services import begin_session, create_token
from policyforum.commenting import services as commenting
from policyforum.commenting.models import Comment, Thread
from policyforum.commenting.opening import ThreadData
from policyforum.consolidation.gathering import FeedbackData, gather
from policyforum.consolidation.models import FeedbackItem
from policyforum.consolidation.services import DispositionData, dispose_threads
from policyforum.db.session import db, transaction
from policyforum.decisions.services import DecisionData, decide
from policyforum.drafting.services import PublishData, publish_draft, start_policy
from policyforum.notifications.models import Notification
from policyforum.organisation.acting import actor_for
from policyforum.organisation.actor import PROGRAM, Actor
from policyforum.organisation.models import ROLES, RoleGrant
from policyforum.organisation.people import GrantData, grant_role
from policyforum.organisation.queries import unit_by_code
from policyforum.organisation.services import AssociationData, add_association
from policyforum.policies.models import VISIBILITIES, Policy
from policyforum.policies.rounds import RoundData, change_round, open_round
from policyforum.policies.services import PolicyData, withdraw_policy
from tests.people import make_person, make_unit

ANONYMOUS = "anonymous"
SEATED = "guest seated"
VISITORS = (
    ANONYMOUS,
    SEATED,
    *(f"{role} {scope}" for role in ROLES for scope in ("own", "other")),
    "admin city",
)
EVERYTHING = "everything"
ALL_ROLES = "everything@bandung.example"
COMMENTER, DRAFTER = "staff own", "drafter own"
DRAFT = "draft"
STATES = ("closed", "decided", "withdrawn")
"""What can become of a policy in consultation."""
SOURCE = "# Satu\n\nSetiap orang didengar.\n\n# Dua\n\nSetiap orang dijawab.\n"


@dataclass(frozen=True, slots=True)
class World:
    """`ids`: what the addresses need, "closed thread" and so on in other states than the usual;
    `tokens` of programs by visitor.

    `slugs`: of policies in consultation by visibility; of the one that is a draft only; and, where
    asked for, of policies for staff in the other `STATES`.
    """

    ids: Mapping[str, str]
    slugs: Mapping[str, str]
    tokens: Mapping[str, str]


def email_of(visitor: str) -> str:
    return f"{visitor.replace(' ', '-')}@bandung.example"


def build(app: Flask, states: Sequence[str] = ()) -> World:
    """Make the city in an empty database, with a policy in each of these states beside."""
    units = {code: make_unit(app, code) for code in ("OWN", "OTHER")}
    people = {visitor: _settle(app, visitor) for visitor in VISITORS if visitor != ANONYMOUS}
    make_person(app, ALL_ROLES, *ROLES)
    with app.app_context(), transaction():
        now = datetime.now(UTC)
        slugs = {visibility: _publish(visibility, now) for visibility in VISIBILITIES}
        slugs[DRAFT] = _start("staff", "Rancangan", now).slug
        ids = _things(now)
        for state in states:
            slugs[state], ids[f"{state} thread"] = _in_state(state, now)
        tokens = {v: create_token(_account(v), "test", now) for v in (*people, EVERYTHING)}
    return World(
        ids={**ids, "unit": units["OWN"], "person": people[COMMENTER]},
        slugs=slugs,
        tokens=tokens,
    )


def _settle(app: Flask, visitor: str) -> str:
    role, _blank, scope = visitor.partition(" ")
    unit = {"own": "OWN", "other": "OTHER"}.get(scope)
    return make_person(app, email_of(visitor), role, unit=unit)


def _publish(visibility: str, now: datetime) -> str:
    """A policy with revision 1, an open round, a thread and a feedback item."""
    drafter = _actor(DRAFTER, now)
    policy = _start(visibility, f"Kebijakan {visibility}", now)
    revision = publish_draft(policy, drafter, PublishData("Terbit", 1), now)
    until = now + timedelta(days=7)
    open_round(policy, revision, drafter, RoundData(now, until, visibility), now)
    for visitor in (SEATED, COMMENTER):
        seat = GrantData(visitor.split()[0], policy_id=policy.id)
        if visitor == SEATED or visibility == "invited":
            grant_role(_account(visitor), PROGRAM, seat, now)
    thread = commenting.open_thread(
        policy, revision, _actor(COMMENTER, now), ThreadData(None, "Sebuah masukan"), now
    )
    gather(policy, drafter, FeedbackData(1, "Ringkas", [thread.public_id]), now)
    return policy.slug


def _in_state(state: str, now: datetime) -> tuple[str, str]:
    """A policy for staff whose round was closed, which was decided on, or withdrawn; a thread."""
    drafter = _actor(DRAFTER, now)
    policy = _start("staff", f"Kebijakan {state}", now)
    revision = publish_draft(policy, drafter, PublishData("Terbit", 1), now)
    opened = now - timedelta(minutes=1)  # what closes as it opens, nobody was heard in
    dates = RoundData(opened, now + timedelta(days=7), "staff")
    consultation = open_round(policy, revision, drafter, dates, opened)
    grant_role(_account(SEATED), PROGRAM, GrantData("guest", policy_id=policy.id), now)
    thread = commenting.open_thread(
        policy, revision, _actor(COMMENTER, now), ThreadData(None, "Sebuah masukan"), now
    )
    if state == "withdrawn":
        withdraw_policy(policy, drafter, "Tidak jadi.", now)
    else:
        change_round(consultation, drafter, now, now)
    if state == "decided":
        answer = DispositionData("rejected", "Sudah diatur.", "Terima kasih.")
        item = FeedbackData(1, "Ringkas", [thread.public_id])
        dispose_threads(policy, drafter, item, answer, now)
        decide(policy, revision, _actor("leader own", now), DecisionData("approved", "Baik."), now)
    return policy.slug, thread.public_id


def _start(visibility: str, title: str, now: datetime) -> Policy:
    data = PolicyData(title, "generic", visibility)
    return start_policy(_actor(DRAFTER, now), data, SOURCE, now)


def _things(now: datetime) -> dict[str, str]:
    """Public ids of one of everything, all of the commenter or of the policy for staff."""
    commenter = _account(COMMENTER)
    begin_session(commenter, "test", "127.0.0.1", now)
    create_token(commenter, "test", now)
    association = add_association(PROGRAM, AssociationData("PGRI", "PGRI"), now)
    thread = db.session.scalars(
        select(Thread).join(Thread.policy).where(Policy.visibility == "staff")
    ).one()
    first = db.session.scalars(select(Comment).where(Comment.thread_id == thread.id)).one()
    commenting.reply(thread, _actor(DRAFTER, now), "Terima kasih", first, now)
    note = db.session.scalars(select(Notification).where(Notification.account_id == commenter.id))
    item = select(FeedbackItem).where(FeedbackItem.policy_id == thread.policy_id)
    grant = select(RoleGrant).where(
        RoleGrant.account_id == commenter.id, RoleGrant.unit_id == _own_unit_id()
    )
    login = select(LoginSession).where(LoginSession.account_id == commenter.id)
    token = select(ApiToken).where(ApiToken.account_id == commenter.id)
    return {
        "association": association.public_id,
        "notification": note.one().public_id,
        "thread": thread.public_id,
        "comment": first.public_id,
        "item": db.session.scalars(item).one().public_id,
        "grant": db.session.scalars(grant).one().public_id,
        "session": db.session.scalars(login).one().public_id,
        "token": db.session.scalars(token).one().public_id,
    }


def _actor(visitor: str, now: datetime) -> Actor:
    return actor_for(_account(visitor), now)


def _account(visitor: str) -> Account:
    account = account_by_email(email_of(visitor))
    assert account is not None
    return account


def _own_unit_id() -> int:
    unit = unit_by_code("OWN")
    assert unit is not None
    return unit.id
