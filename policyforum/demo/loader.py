"""Loading the demo: a believable consultation, told through the same services everyone uses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from policyforum.accounts.models import Account
from policyforum.commenting.models import Comment, Thread
from policyforum.db.session import db
from policyforum.demo.content import Calendar, table
from policyforum.demo.people import email_of, settle
from policyforum.demo.story import Story, perform
from policyforum.notifications.models import Notification, OutboxMail
from policyforum.policies.models import Policy, Revision

FOUNDED = timedelta(days=70)
"""How long before loading the city was set up."""

STILL_NEW = timedelta(days=2)
"""Older notifications of the story count as read."""


@dataclass(frozen=True, slots=True)
class Login:
    """A person to sign in as."""

    role: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What was loaded."""

    policies: int
    revisions: int
    threads: int
    comments: int


class NotEmpty(Exception):  # noqa: N818  (a refusal, named as it is told)
    """The database holds something already."""


def load(now: datetime) -> Summary:
    """Load the demo into an empty database, in the caller's transaction; raises `NotEmpty`."""
    if db.session.scalar(select(Account.id).limit(1)) is not None:
        raise NotEmpty
    calendar = Calendar(now)
    city = settle(now - FOUNDED)
    perform([Story(entry, city, calendar) for entry in table("policies.toml")["policy"]])
    _quieten(now)
    return _summary()


def is_loaded() -> bool:
    """Whether the demo's people are there."""
    first = email_of(table("people.toml")["person"][0]["id"])
    return db.session.scalar(select(Account.id).where(Account.email == first)) is not None


def password() -> str:
    """The one password of everybody in the demo."""
    return str(table("people.toml")["password"])


def logins() -> list[Login]:
    """One or two people for each role, to sign in as."""
    chosen: list[Login] = []
    for entry in table("people.toml")["person"]:
        if sum(login.role == entry["role"] for login in chosen) < 2:
            chosen.append(Login(entry["role"], entry["name"], email_of(entry["id"])))
    return chosen


def _quieten(now: datetime) -> None:
    """The story's mails were sent long ago, and its older notifications were read."""
    db.session.execute(update(OutboxMail).values(done_at=OutboxMail.created_at))
    db.session.execute(
        update(Notification)
        .where(Notification.created_at < now - STILL_NEW)
        .values(read_at=Notification.created_at)
    )


def _summary() -> Summary:
    counts = (
        db.session.scalar(select(func.count()).select_from(model)) or 0
        for model in (Policy, Revision, Thread, Comment)
    )
    return Summary(*counts)
